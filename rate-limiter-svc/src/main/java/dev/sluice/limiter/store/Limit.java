package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.RateLimit;
import java.time.Duration;

/** A limit's terms, and with them the algorithm that counts. */
public sealed interface Limit {
  /** The most permits, and the largest rate, that any limit may have. */
  long MAX_PERMITS = RateLimit.MAX_PERMITS;

  /** The longest {@code per}: a year. */
  Duration MAX_PER = RateLimit.MAX_PER;

  /** The most permits that can be had at once. */
  long permits();

  /** The longest time after which all permits are there again if nobody asks. */
  Duration window();

  /**
   * {@code rate} permits come back every {@code per}, evenly, and at most {@code burst} are there
   * at once: over any interval t at most {@code burst + rate * t} are granted, and a caller that
   * keeps asking gets at least {@code rate * t - 1}.
   *
   * @param rate 1 to {@value Limit#MAX_PERMITS}
   * @param per more than zero, at most {@link #MAX_PER}
   * @param burst 1 to {@value Limit#MAX_PERMITS}; an empty bucket is full again within {@link
   *     RateLimit#MAX_FILL}
   */
  record TokenBucket(long rate, Duration per, long burst) implements Limit {

    /**
     * @throws IllegalArgumentException names the term, its value and what is allowed
     */
    public TokenBucket {
      new RateLimit(rate, per, burst); // checks them
    }

    /** The terms as the arithmetic takes them. */
    RateLimit terms() {
      return new RateLimit(rate, per, burst);
    }

    @Override
    public long permits() {
      return burst;
    }

    /** How long an empty bucket takes to be full again, rounded up to a nanosecond. */
    @Override
    public Duration window() {
      return terms().fillTime();
    }
  }

  /**
   * At most {@code permits} in any interval of length {@code per}, wherever it begins: there is no
   * boundary to burst across. Time is counted in slices of a tenth of {@code per}, and a permit
   * comes back when {@code per} and the rest of its slice have passed: at least {@code per} and at
   * most 1.1 times {@code per} after it was taken.
   *
   * @param permits 1 to {@value Limit#MAX_PERMITS}
   * @param per more than zero, at most {@link #MAX_PER}
   */
  record SlidingWindow(long permits, Duration per) implements Limit {

    /**
     * @throws IllegalArgumentException names the term, its value and what is allowed
     */
    public SlidingWindow {
      requirePermits("rate", permits);
      requirePer(per);
    }

    @Override
    public Duration window() {
      return per;
    }
  }

  /**
   * At most {@code permits} in every second, minute, ... of the calendar, in UTC. Two windows that
   * meet may grant twice as many within a short time around their boundary.
   *
   * @param permits 1 to {@value Limit#MAX_PERMITS}
   * @param unit of the calendar
   */
  record FixedWindow(long permits, CalendarUnit unit) implements Limit {

    /**
     * @throws IllegalArgumentException names the term, its value and what is allowed
     */
    public FixedWindow {
      requirePermits("rate", permits);
    }

    @Override
    public Duration window() {
      return unit.longest();
    }
  }

  private static void requirePermits(String name, long value) {
    if (value < 1 || value > MAX_PERMITS) {
      throw new IllegalArgumentException(name + " is " + value + ", must be 1 to " + MAX_PERMITS);
    }
  }

  private static void requirePer(Duration per) {
    if (!per.isPositive() || per.compareTo(MAX_PER) > 0) {
      throw new IllegalArgumentException(
          "per is " + per + ", must be more than 0 and at most 366 days");
    }
  }
}
