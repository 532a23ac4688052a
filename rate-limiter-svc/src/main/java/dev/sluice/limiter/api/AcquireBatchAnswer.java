package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.service.Problem;
import dev.sluice.service.ProblemException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What became of each request of a batch.
 *
 * @param granted whether all were granted
 * @param results one for each, in their order
 */
@Schema(name = "AcquireBatchAnswer")
public record AcquireBatchAnswer(boolean granted, List<Result> results) {

  /** What became of one. */
  public sealed interface Result permits AcquireAnswer, Refused {}

  /**
   * Not granted.
   *
   * @param granted false
   * @param key what is limited
   * @param problem what it would have been answered alone
   * @param cause the same, for gRPC
   */
  @Schema(name = "AcquireBatchRefusal")
  public record Refused(
      boolean granted, String key, Problem problem, @JsonIgnore ProblemException cause)
      implements Result {

    static Refused of(String key, ProblemException cause) {
      return new Refused(false, key, cause.problem(null), cause);
    }
  }

  /**
   * What was in the way of all being granted.
   *
   * @param request the index of the request whose permits are not to be had in time
   * @param key what is limited
   * @param remaining how many permits are there
   * @param retryAfter when as many as asked for would be, as things stand
   */
  @RegisterForReflection
  public record Missing(int request, String key, long remaining, Duration retryAfter) {}
}
