package dev.sluice.pool.api.submit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.api.jobs.JobAnswer;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.service.Problem;
import dev.sluice.service.ProblemException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What has come of a submit. */
public sealed interface SubmitAnswer {

  /**
   * There is a job.
   *
   * @param id its id
   * @param state how far it has come
   * @param existing true when it was there already; else absent
   */
  @Schema(name = "SubmitAnswer")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Accepted(UUID id, String state, @Nullable Boolean existing)
      implements SubmitAnswer, Batch.Result {
    static Accepted of(UUID id, JobState state, boolean existing) {
      return new Accepted(id, Refusals.name(state), existing ? true : null);
    }
  }

  /**
   * It is finished.
   *
   * @param job as it is
   */
  record Finished(JobAnswer job) implements SubmitAnswer {
    static SubmitAnswer of(Accepted accepted, JobView job) {
      return job.state().isFinished()
          ? new Finished(JobAnswer.of(job))
          : Accepted.of(job.id(), job.state(), accepted.existing() != null);
    }
  }

  /**
   * What has come of each submit of a batch.
   *
   * @param results one for each, in their order
   */
  @Schema(name = "SubmitBatchAnswer")
  record Batch(List<Result> results) {
    /** What has come of one. */
    public sealed interface Result permits Accepted, Refused {}

    /**
     * There is no job.
     *
     * @param problem what it would have been answered alone
     * @param cause the same, for gRPC
     */
    @Schema(name = "SubmitBatchProblem")
    public record Refused(Problem problem, @JsonIgnore ProblemException cause) implements Result {
      static Refused of(ProblemException cause) {
        return new Refused(cause.problem(null), cause);
      }
    }
  }
}
