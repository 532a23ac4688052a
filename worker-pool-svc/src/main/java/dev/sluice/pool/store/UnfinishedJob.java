package dev.sluice.pool.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job that still has to be done, and how far it has come.
 *
 * @param job what was accepted
 * @param attemptsMade how many attempts have ended; one that was broken off does not count
 * @param attempts the last of those attempts, oldest first
 * @param notBefore when the next may begin; null for at once
 */
public record UnfinishedJob(
    Job job, int attemptsMade, List<Attempt> attempts, @Nullable Instant notBefore) {
  public UnfinishedJob {
    Objects.requireNonNull(job, "job");
    attempts = List.copyOf(attempts);
    if (attemptsMade < attempts.size() || attemptsMade >= job.maxAttempts()) {
      throw new IllegalArgumentException(
          "attemptsMade is "
              + attemptsMade
              + ", must be at least the "
              + attempts.size()
              + " attempts listed and less than maxAttempts, "
              + job.maxAttempts());
    }
  }
}
