package dev.sluice.pool.api;

import dev.sluice.csp.Reply;
import dev.sluice.pool.process.GetJob;
import dev.sluice.pool.process.JobSnapshot;
import dev.sluice.pool.process.PoolSettings;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Durations;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.Quoted;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Looks at a job: what HTTP and gRPC have in common. */
@Singleton
class GetJobOperation {
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private final PoolInbox inbox;
  private final PoolSettings settings;

  @Inject
  GetJobOperation(PoolInbox inbox, WorkerPool pool) {
    this.inbox = inbox;
    this.settings = pool.settings();
  }

  /**
   * @return the job; fails with a {@link ProblemException} when there is none of this id
   * @throws ProblemException there can be none of this id, or the request cannot be taken now
   */
  CompletionStage<JobAnswer> job(String id) {
    if (!ID.matcher(id).matches()) {
      throw unknown(id);
    }
    var reply = new Reply<Optional<JobSnapshot>>();
    inbox.send(new GetJob(UUID.fromString(id), reply));
    return reply.stage().thenApply(found -> JobAnswer.of(found.orElseThrow(() -> unknown(id))));
  }

  private ProblemException unknown(String id) {
    return new ProblemException(
        ProblemType.NOT_FOUND,
        "no job %s; of finished ones the last %d are kept, for %s"
            .formatted(
                Quoted.of(id),
                settings.keepFinished(),
                Durations.format(settings.keepFinishedFor())));
  }
}
