package dev.sluice.csp.patterns;

import java.time.Duration;

/**
 * The terms of a limiter: {@code rate} permits come back every {@code per}, evenly, and at most
 * {@code burst} are there at once.
 *
 * @param rate 1 to {@value #MAX_PERMITS}
 * @param per more than zero, at most {@link #MAX_PER}
 * @param burst 1 to {@value #MAX_PERMITS}; an empty bucket is full again within {@link #MAX_FILL}
 */
public record RateLimit(long rate, Duration per, long burst) {
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
   * Checks the terms.
   *
   * @throws IllegalArgumentException names the term, its value and what is allowed
   */
  public RateLimit {
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

  /** {@return how long an empty bucket takes to be full again, rounded up to a nanosecond} */
  public Duration fillTime() {
    return Duration.ofNanos(wholeNanos(burst) + (fraction(burst) > 0 ? 1 : 0));
  }

  /**
   * What permits are worth in time, exactly: whole nanoseconds of {@code permits * per / rate}, and
   * a {@link #fraction}.
   */
  long wholeNanos(long permits) {
    long nanos = per.toNanos();
    long rest = permits % rate;
    return permits / rate * nanos + rest * (nanos / rate) + rest * (nanos % rate) / rate;
  }

  /** The rest of {@link #wholeNanos} in units of {@code 1 / rate} nanosecond: 0 to rate - 1. */
  long fraction(long permits) {
    return permits % rate * (per.toNanos() % rate) % rate;
  }

  private static void requirePermits(String name, long value) {
    if (value < 1 || value > MAX_PERMITS) {
      throw new IllegalArgumentException(name + " is " + value + ", must be 1 to " + MAX_PERMITS);
    }
  }
}
