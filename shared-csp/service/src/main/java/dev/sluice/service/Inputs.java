package dev.sluice.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Validator;
import java.util.List;

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
   * Returns a key that stands outside of a record, for example in a path.
   *
   * @throws ProblemException invalid-input if it is no key
   */
  public String key(String field, String key) {
    var complaint = Keys.complaint(key, limits.keyBytes());
    if (complaint == null) {
      return key;
    }
    throw ProblemException.invalid(field, key, complaint);
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
