package dev.sluice.service;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that the edge of a service throws, or fails a {@code CompletionStage} with.
 * Over HTTP it becomes an {@code application/problem+json} answer with its headers, over gRPC a
 * status with {@code google.rpc.ErrorInfo}.
 *
 * <pre>{@code
 * throw new ProblemException(RATE_LIMITED, "key \"user:42\" has no permit left")
 *     .with("remaining", 0)
 *     .header("RateLimit", "\"default\";r=0;t=1")
 *     .retryAfter(Duration.ofMillis(250));
 * }</pre>
 *
 * <p>It is immutable; {@code with}, {@code header} and {@code retryAfter} return a new one. It has
 * no stack trace: it says what is wrong with a request, not with the program, and it must be cheap
 * when a service refuses a hundred thousand requests a second.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ProblemType type;
  private final String detail;
  private final transient Map<String, Object> members;
  private final transient Map<String, String> headers;
  private final @Nullable Duration retryAfter;

  /**
   * Creates a problem.
   *
   * @param type what kind of problem it is
   * @param detail the thing, its value and what is allowed
   */
  public ProblemException(ProblemType type, String detail) {
    this(type, detail, Map.of(), Map.of(), null, null);
  }

  /** Creates a problem that was caused by another exception, which is not shown to the caller. */
  public ProblemException(ProblemType type, String detail, Throwable cause) {
    this(type, detail, Map.of(), Map.of(), null, cause);
  }

  private ProblemException(
      ProblemType type,
      String detail,
      Map<String, Object> members,
      Map<String, String> headers,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(type.uri() + ": " + detail, cause, false, false);
    this.type = type;
    this.detail = detail;
    this.members = members;
    this.headers = headers;
    this.retryAfter = retryAfter;
  }

  /** Says that one field is not what it must be. */
  public static ProblemException invalid(String field, Object value, String allowed) {
    return invalid(List.of(FieldError.of(field, value, allowed)));
  }

  /** Says which fields are not what they must be: all of them at once. */
  public static ProblemException invalid(List<FieldError> errors) {
    var detail = errors.stream().map(FieldError::sentence).collect(Collectors.joining("; "));
    return new ProblemException(ProblemType.INVALID_INPUT, detail)
        .with("errors", List.copyOf(errors));
  }

  /** Returns the same problem with one more member in its JSON object. */
  public ProblemException with(String member, Object value) {
    return copy(Ordered.plus(members, member, value), headers, retryAfter);
  }

  /** Returns the same problem with one more header on its HTTP answer. */
  public ProblemException header(String name, String value) {
    return copy(members, Ordered.plus(headers, name, value), retryAfter);
  }

  /**
   * Returns the same problem with the time after which a repetition makes sense: {@code
   * Retry-After} in whole seconds, rounded up, over HTTP, and {@code google.rpc.RetryInfo}, exact,
   * over gRPC.
   */
  public ProblemException retryAfter(Duration wait) {
    var seconds = wait.isNegative() ? 0 : wait.plusNanos(999_999_999).toSeconds();
    return copy(members, Ordered.plus(headers, "Retry-After", Long.toString(seconds)), wait);
  }

  private ProblemException copy(
      Map<String, Object> members, Map<String, String> headers, @Nullable Duration retryAfter) {
    return new ProblemException(type, detail, members, headers, retryAfter, getCause());
  }

  /** Returns what kind of problem it is. */
  public ProblemType type() {
    return type;
  }

  /** Returns what went wrong this time. */
  public String detail() {
    return detail;
  }

  /** Returns the members beside RFC 9457's own, in the order they were given. */
  public Map<String, Object> members() {
    return members;
  }

  /** Returns the headers of the HTTP answer, in the order they were given. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the time after which a repetition makes sense, or null if nobody knows. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Returns the problem as it travels in the answer to a request for {@code instance}. */
  public Problem problem(@Nullable String instance) {
    return new Problem(type.uri(), type.title(), type.status(), detail, instance, members);
  }
}
