package dev.sluice.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks what came in, in one place for REST and gRPC: both make the same record of their request
 * and send it through here before they ask the process.
 *
 * <pre>{@code
 * CompletionStage<AcquireAnswer> acquire(AcquireRequest request) {
 *   var valid = inputs.valid(request);
 *   ...
 * }
 * }</pre>
 */
@ApplicationScoped
public class Inputs {
  private final Validator validator;
  private final Limits limits;

  Inputs(Validator validator, Limits limits) {
    this.validator = validator;
    this.limits = limits;
  }

  /**
   * Returns the request if it keeps all constraints of its type.
   *
   * @throws ProblemException invalid-input, with every field that does not
   */
  public <T> T valid(T request) {
    var violations = validator.validate(request);
    if (violations.isEmpty()) {
      return request;
    }
    throw Problems.of(violations);
  }

  /**
   * Returns the request if it keeps all constraints of its type, and the operation's own rules.
   *
   * @param rules what else is wrong with a request, which may break its type's constraints: what is
   *     missing is null. What it says of a field is dropped if the field, or one within it, breaks
   *     a constraint already
   * @throws ProblemException invalid-input, with every field that does not
   */
  public <T> T valid(T request, Function<? super T, List<FieldError>> rules) {
    var violations = validator.validate(request);
    var broken = rules.apply(request);
    if (violations.isEmpty() && broken.isEmpty()) {
      return request;
    }
    var errors = new ArrayList<>(Problems.errors(violations));
    var named = List.copyOf(errors);
    broken.stream()
        .filter(error -> named.stream().noneMatch(other -> isWithin(other.field(), error.field())))
        .forEach(errors::add);
    throw ProblemException.invalid(errors);
  }

  private static boolean isWithin(String inner, String outer) {
    return inner.equals(outer) || inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
  }

  /**
   * Returns a key that stands outside of a record, for example in a path.
   *
   * @throws ProblemException invalid-input if it is no key
   */
  public String key(String field, String key) {
    var complaint = Keys.complaint(key, limits.keyBytes());
    if (complaint == null) {
      return key;
    }
    throw ProblemException.invalid(List.of(FieldError.of(field, key, complaint)));
  }

  /**
   * Says what is wrong with a key, for the rules of {@link #valid(Object, Function)}: for a key
   * that need not be given, where {@link Key} cannot stand.
   */
  public Optional<FieldError> keyError(String field, @Nullable String key) {
    return key == null
        ? Optional.empty()
        : Optional.ofNullable(Keys.complaint(key, limits.keyBytes()))
            .map(complaint -> FieldError.of(field, key, complaint));
  }

  /**
   * Returns a batch that is not empty and not larger than {@link Limits#batch()}.
   *
   * @throws ProblemException invalid-input if it is either
   */
  public <T> List<T> batch(String field, List<T> batch) {
    if (!batch.isEmpty() && batch.size() <= limits.batch()) {
      return batch;
    }
    throw ProblemException.invalid(
        List.of(
            new FieldError(
                field,
                null,
                "has " + batch.size() + " items, 1 to " + limits.batch() + " are allowed")));
  }
}
