package dev.sluice.dedup.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.service.Problem;
import dev.sluice.service.ProblemException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What became of each request of a batch.
 *
 * @param results one for each, in their order
 */
@Schema(name = "DedupBatchAnswer")
public record DedupBatchAnswer(List<Result> results) {

  /** What became of one. */
  public sealed interface Result permits DedupAnswer, Undecided {}

  /**
   * Nothing was decided, or nobody knows what.
   *
   * @param key what was to be seen
   * @param problem what it would have been answered alone
   * @param cause the same, for gRPC
   */
  @Schema(name = "DedupBatchProblem")
  public record Undecided(String key, Problem problem, @JsonIgnore ProblemException cause)
      implements Result {

    static Undecided of(String key, ProblemException cause) {
      return new Undecided(key, cause.problem(null), cause);
    }
  }
}
