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
   * @param terms as the library's arithmetic takes them
   */
  record TokenBucket(RateLimit terms) implements Limit {

    /**
     * @throws IllegalArgumentException names the term, its value and what is allowed
     */
    public TokenBucket(long rate, Duration per, long burst) {
      this(new RateLimit(rate, per, burst));
    }

    @Override
    public long permits() {
      return terms.burst();
    }

    /** How long an empty bucket takes to be full again, rounded up to a nanosecond. */
    @Override
    public Duration window() {
      return terms.fillTime();
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
      new RateLimit(permits, per, 1); // checks them
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
      new RateLimit(permits, MAX_PER, 1); // checks them
    }

    @Override
    public Duration window() {
      return unit.longest();
    }
  }
}
