package dev.sluice.pool.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * What has been accepted: a call to be made until it succeeds, at most so many times.
 *
 * @param id unique, and ordered by the time of acceptance
 * @param call what to call
 * @param maxAttempts how many times at most; at least 1
 * @param timeout how long one attempt may take
 * @param backoff how long to wait after the first failed attempt; twice as long after each further
 *     one
 * @param acceptedAt when
 */
public record Job(
    UUID id, Call call, int maxAttempts, Duration timeout, Duration backoff, Instant acceptedAt) {
  public Job {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(call, "call");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(backoff, "backoff");
    Objects.requireNonNull(acceptedAt, "acceptedAt");
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts is " + maxAttempts + ", must be 1 or more");
    }
  }

  /** The same without what only the target needs. */
  public Job withoutContent() {
    return new Job(id, call.withoutContent(), maxAttempts, timeout, backoff, acceptedAt);
  }
}
