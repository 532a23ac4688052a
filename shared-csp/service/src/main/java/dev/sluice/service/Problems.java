package dev.sluice.service;

import io.vertx.core.http.HttpClosedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.constraints.NotNull;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/** What a failure is to the caller. REST, plain HTTP routes and gRPC all ask here. */
public final class Problems {
  private static final Logger log = Logger.getLogger("dev.sluice.service");

  private Problems() {}

  /**
   * Returns the problem that a failure is. What is nobody's fault but the service's own is logged
   * here, once, under an id that the problem carries; its message and stack trace stay in the log.
   *
   * @param failure what was thrown, or what a stage failed with
   * @param request what was asked, for the log: method and path
   */
  public static ProblemException of(Throwable failure, String request) {
    return switch (unwrapped(failure)) {
      case ProblemException problem -> problem;
      case ConstraintViolationException e when isAboutInput(e) -> of(e.getConstraintViolations());
      case HttpClosedException _ -> hungUp();
      case Throwable unexpected -> internal(unexpected, request);
    };
  }

  /** Returns the problem that these violations are, every field named. */
  public static ProblemException of(Set<? extends ConstraintViolation<?>> violations) {
    return ProblemException.invalid(errors(violations));
  }

  /** Returns what these violations say, in the order of the fields' names. */
  static List<FieldError> errors(Set<? extends ConstraintViolation<?>> violations) {
    return violations.stream()
        .map(Problems::fieldError)
        .sorted(Comparator.comparing(FieldError::field))
        .toList();
  }

  private static Throwable unwrapped(Throwable failure) {
    var cause = failure.getCause();
    return (failure instanceof CompletionException || failure instanceof ExecutionException)
            && cause != null
        ? unwrapped(cause)
        : failure;
  }

  /** Nobody reads it; it is no fault of the service. */
  private static ProblemException hungUp() {
    return new ProblemException(
        ProblemType.BODY_NOT_IN_TIME, "the connection was closed before the request had come");
  }

  private static ProblemException internal(Throwable unexpected, String request) {
    var id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    log.errorf(unexpected, "%s failed, id %s", request, id);
    return new ProblemException(
            ProblemType.INTERNAL,
            "the request was not completed because of a fault in the service, logged as " + id)
        .with("id", id);
  }

  private static FieldError fieldError(ConstraintViolation<?> violation) {
    var field = field(violation.getPropertyPath());
    var value = violation.getInvalidValue();
    if (value == null) {
      return new FieldError(
          field, null, isRequired(violation) ? "is required" : violation.getMessage());
    }
    return isScalar(value)
        ? FieldError.of(field, value, violation.getMessage())
        : new FieldError(field, null, violation.getMessage());
  }

  private static boolean isRequired(ConstraintViolation<?> violation) {
    return violation.getConstraintDescriptor().getAnnotation() instanceof NotNull;
  }

  private static boolean isScalar(Object value) {
    return value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Enum
        || value instanceof java.time.Duration
        || value instanceof java.time.Instant;
  }

  /** The path within the request: without the Java method and parameter that took it. */
  private static String field(Path path) {
    var field =
        StreamSupport.stream(path.spliterator(), false)
            .filter(node -> node.getKind() != ElementKind.METHOD)
            .filter(node -> node.getKind() != ElementKind.PARAMETER)
            .filter(
                node -> node.getKind() != ElementKind.CONTAINER_ELEMENT) // its index stands before
            .map(Path.Node::toString)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.joining("."));
    return field.isEmpty() ? "body" : field;
  }

  /** A violation of what a method returns is the service's fault, not the caller's. */
  private static boolean isAboutInput(ConstraintViolationException e) {
    return e.getConstraintViolations().stream()
        .flatMap(
            violation -> StreamSupport.stream(violation.getPropertyPath().spliterator(), false))
        .noneMatch(node -> node.getKind() == ElementKind.RETURN_VALUE);
  }
}
