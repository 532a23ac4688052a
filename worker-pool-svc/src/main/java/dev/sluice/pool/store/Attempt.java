package dev.sluice.pool.store;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call of a job's target that has ended.
 *
 * @param number 1 for the first
 * @param startedAt when a worker took it
 * @param finishedAt when its end was known
 * @param status what the target answered; null when it did not
 * @param error why it failed; null when it has not
 */
public record Attempt(
    int number,
    Instant startedAt,
    Instant finishedAt,
    @Nullable Integer status,
    @Nullable String error) {
  public Attempt {
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(finishedAt, "finishedAt");
  }
}
