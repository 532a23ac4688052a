package dev.sluice.limiter.store;

import java.time.Duration;

/**
 * A token bucket's terms: {@code rate} permits come back every {@code per}, evenly, and at most
 * {@code burst} are there at once.
 *
 * @param rate 1 to {@value #MAX_PERMITS}
 * @param per more than zero, at most {@link #MAX_PER}
 * @param burst 1 to {@value #MAX_PERMITS}; an empty bucket is full again within {@link #MAX_FILL}
 */
public record Limit(long rate, Duration per, long burst) {
  /** The largest rate and the largest burst. */
  public static final long MAX_PERMITS = 1_000_000_000;

  /** The longest {@code per}: a year. */
  public static final Duration MAX_PER = Duration.ofDays(366);

  /**
   * The longest time an empty bucket may take to be full: a century, so that all arithmetic fits a
   * long.
   */
  public static final Duration MAX_FILL = Duration.ofDays(36_525);

  /**
   * @throws IllegalArgumentException names the term, its value and what is allowed
   */
  public Limit {
    requirePermits("rate", rate);
    requirePermits("burst", burst);
    if (!per.isPositive() || per.compareTo(MAX_PER) > 0) {
      throw new IllegalArgumentException(
          "per is " + per + ", must be more than 0 and at most 366 days");
    }
    long wholePerPermit = per.toNanos() / rate;
    if (Math.multiplyHigh(burst, wholePerPermit) != 0
        || burst * wholePerPermit < 0
        || burst * wholePerPermit >= MAX_FILL.toNanos()) {
      throw new IllegalArgumentException(
          "burst is "
              + burst
              + ", at this rate an empty bucket would not be full again within 100 years");
    }
  }

  /** How long an empty bucket takes to be full again, rounded up to a nanosecond. */
  public Duration fillTime() {
    long nanos = per.toNanos();
    return Duration.ofNanos(burst * (nanos / rate) + Math.ceilDiv(burst * (nanos % rate), rate));
  }

  private static void requirePermits(String name, long value) {
    if (value < 1 || value > MAX_PERMITS) {
      throw new IllegalArgumentException(name + " is " + value + ", must be 1 to " + MAX_PERMITS);
    }
  }
}
