package dev.sluice.pool.process;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What may be shown of a job: as it is at one instant, without headers and body.
 *
 * @param state how far it has come
 * @param attempts oldest first, the running one included; of many the last {@value
 *     JobQueue#ATTEMPTS_KEPT}
 * @param method of the call
 * @param url of the call
 * @param maxAttempts how many attempts there are at most
 * @param timeout how long one may take
 * @param backoff how long after the first the second comes
 * @param nextAttemptAt when the next attempt is due; null unless it is retrying
 * @param finishedAt null until it is finished
 */
public record JobSnapshot(
    UUID id,
    JobState state,
    List<Attempt> attempts,
    String method,
    URI url,
    int maxAttempts,
    Duration timeout,
    Duration backoff,
    Instant acceptedAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant finishedAt) {

  /**
   * One call of the target.
   *
   * @param number 1 for the first
   * @param finishedAt null while it runs
   * @param status what the target answered; null when it did not
   * @param error why it failed; null when it has not, or when the status says it
   */
  public record Attempt(
      int number,
      Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Integer status,
      @Nullable String error) {}
}
