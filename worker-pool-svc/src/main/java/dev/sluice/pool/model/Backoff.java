package dev.sluice.pool.model;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt.
 *
 * @param initial after the first failure; positive
 * @param factor how many times as long after each further one; at least 1
 * @param max the longest; at least {@code initial}
 * @param jitter which part of the wait is left to chance, so that jobs that failed together do not
 *     come back together: 0 none, 1 all of it
 */
public record Backoff(Duration initial, double factor, Duration max, double jitter) {
  /** One second, twice as long each time, ten minutes at most, half of it by chance. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.5);

  /** Stands for the queue's, in a job that does not say; nothing waits so. */
  public static final Backoff OF_QUEUE = new Backoff(Duration.ZERO, 1, Duration.ZERO, 0);

  /**
   * The wait after some failures.
   *
   * @param failures how many attempts have failed; at least 1
   * @param random what chance says
   */
  public Duration after(int failures, RandomGenerator random) {
    double whole =
        Math.min(max.toMillis(), initial.toMillis() * Math.pow(factor, Math.max(0, failures - 1)));
    return Duration.ofMillis(Math.round(whole * (1 - jitter * random.nextDouble())));
  }
}
