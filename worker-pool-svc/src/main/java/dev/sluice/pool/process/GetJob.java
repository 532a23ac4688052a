package dev.sluice.pool.process;

import dev.sluice.csp.Reply;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks for a job.
 *
 * @param reply gets the job as it is at that instant; empty when there is none of that id, or none
 *     any more
 */
public record GetJob(UUID id, Reply<Optional<JobSnapshot>> reply) implements PoolMessage {

  @Override
  public void fail(Throwable reason) {
    reply.fail(reason);
  }
}
