package dev.sluice.csp.patterns;

import java.math.BigInteger;
import java.util.Objects;

/**
 * A token bucket as arithmetic: the generic cell rate algorithm (ITU-T I.371, virtual scheduling),
 * with the theoretical arrival time shifted by the burst. No process, no timer and no channel, two
 * numbers of state: the form for millions of keys, each owned by the process that owns its key.
 * {@link TokenBucket} is the form that can be waited for.
 *
 * <pre>
 *   permits
 *   burst |--.        .--       the state is the instant at which the bucket
 *         |  |     .-'          will be full again if nobody asks; taking n
 *         |  '--.-'             permits moves it n permits' worth of time ahead
 *         +--------------> time
 * </pre>
 *
 * <p>It is exact and does not drift: over any interval t it grants at most {@code burst + rate * t}
 * permits, and who keeps asking gets at least {@code rate * t - 1}. A permit's worth is {@code per
 * / rate}, which is no whole number of nanoseconds in general, so the instant is a whole number of
 * nanoseconds and a fraction in units of {@code 1 / rate} nanosecond: nothing is ever rounded.
 *
 * <p>All times are nanoseconds on one monotonic scale, such as {@link dev.sluice.csp.Clock#nanos};
 * a clock that goes back grants nothing extra. Owned by one process.
 */
public final class Gcra {
  private final RateLimit limit;

  /** The bucket is full at {@code fullAt + fraction / rate}, where {@code 0 <= fraction < rate}. */
  private long fullAt;

  private long fraction;

  /**
   * A full bucket.
   *
   * @param limit its terms
   * @param now the instant, in nanoseconds
   */
  public Gcra(RateLimit limit, long now) {
    this.limit = Objects.requireNonNull(limit);
    this.fullAt = now;
  }

  /**
   * A bucket as another was, of which only these two numbers were kept.
   *
   * @param limit its terms
   * @param fullAt the other's {@link #fullAt}
   * @param fraction the other's {@link #fraction}
   */
  public Gcra(RateLimit limit, long fullAt, long fraction) {
    this(limit, fullAt);
    this.fraction = fraction;
  }

  /** {@return a bucket with the same content that goes its own way} */
  public Gcra copy() {
    return new Gcra(limit, fullAt, fraction);
  }

  /**
   * Takes the permits if they are there now; else takes nothing.
   *
   * @param permits 1 to the burst
   * @param now the instant, in nanoseconds
   * @return whether they were there
   * @throws IllegalArgumentException {@code permits} is less than 1 or more than the burst
   */
  public boolean tryTake(long permits, long now) {
    require(permits);
    if (nanosUntil(permits, now) > 0) {
      return false;
    }
    take(permits, now);
    return true;
  }

  /**
   * Takes the permits, there or not: what is missing is owed, and later permits come that much
   * later. How much may be owed is the caller's to bound: the arithmetic holds as long as the
   * bucket will be full again within 292 years.
   *
   * @param permits 1 to the burst
   * @param now the instant, in nanoseconds
   * @throws IllegalArgumentException {@code permits} is less than 1 or more than the burst
   */
  public void take(long permits, long now) {
    require(permits);
    if (isFull(now)) {
      fullAt = now;
      fraction = 0;
    }
    fullAt += limit.wholeNanos(permits);
    fraction += limit.fraction(permits);
    if (fraction >= limit.rate()) {
      fraction -= limit.rate();
      fullAt++;
    }
  }

  /**
   * Undoes a {@link #take} of so many permits.
   *
   * @param permits 1 to the burst
   * @throws IllegalArgumentException {@code permits} is less than 1 or more than the burst
   */
  public void giveBack(long permits) {
    require(permits);
    fullAt -= limit.wholeNanos(permits);
    fraction -= limit.fraction(permits);
    if (fraction < 0) {
      fraction += limit.rate();
      fullAt--;
    }
  }

  /**
   * How long until the permits are there if nobody takes any meanwhile.
   *
   * @param permits 1 or more; beyond the burst: when the last of so many can be had, if each is
   *     taken as soon as it is there, which must be within 292 years
   * @param now the instant, in nanoseconds
   * @return in nanoseconds, rounded up; 0 when they are there now
   * @throws IllegalArgumentException {@code permits} is less than 1
   */
  public long nanosUntil(long permits, long now) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits is " + permits + ", must be 1 or more");
    }
    // They are there when the bucket lacks no more than burst - permits, which is so that long
    // before it is full; or after, when they are more than the burst.
    long spare = limit.burst() - permits;
    if (spare < 0) {
      long ahead = limit.fraction(-spare) + (isFull(now) ? 0 : fraction);
      long full = isFull(now) ? 0 : fullAt - now;
      return full + limit.wholeNanos(-spare) + Math.ceilDiv(ahead, limit.rate());
    }
    if (isFull(now)) {
      return 0;
    }
    long wait = fullAt - now - limit.wholeNanos(spare);
    return Math.max(0, fraction > limit.fraction(spare) ? wait + 1 : wait);
  }

  /**
   * How many permits are there.
   *
   * @param now the instant, in nanoseconds
   * @return 0 when some are owed
   */
  public long remaining(long now) {
    if (isFull(now)) {
      return limit.burst();
    }
    // What is missing is the time until it is full, in permits' worth, rounded up.
    long rate = limit.rate();
    long per = limit.per().toNanos();
    long until = fullAt - now;
    long missing;
    if (Math.multiplyHigh(until, rate) == 0
        && until * rate >= 0
        && until * rate <= Long.MAX_VALUE - fraction - per) {
      missing = (until * rate + fraction + per - 1) / per;
    } else {
      missing =
          BigInteger.valueOf(until)
              .multiply(BigInteger.valueOf(rate))
              .add(BigInteger.valueOf(fraction + per - 1))
              .divide(BigInteger.valueOf(per))
              .min(BigInteger.valueOf(limit.burst())) // the clock may have gone back very far
              .longValueExact();
    }
    return Math.max(0, limit.burst() - missing);
  }

  /**
   * How long until the bucket is full if nobody takes any meanwhile.
   *
   * @param now the instant, in nanoseconds
   * @return in nanoseconds, rounded up; 0 when it is full
   */
  public long nanosUntilFull(long now) {
    return isFull(now) ? 0 : fullAt - now + (fraction > 0 ? 1 : 0);
  }

  /**
   * Whether all permits are there: such a bucket is the same as a new one, so it need not be kept.
   *
   * @param now the instant, in nanoseconds
   * @return whether nobody has to wait for a whole burst
   */
  public boolean isFull(long now) {
    long until = fullAt - now;
    return until < 0 || (until == 0 && fraction == 0);
  }

  /** {@return the nanosecond at which it will be full if nobody asks, rounded down} */
  public long fullAt() {
    return fullAt;
  }

  /**
   * {@return by how much it will be full later than {@link #fullAt}, in units of {@code 1 / rate}}
   */
  public long fraction() {
    return fraction;
  }

  /** {@return its terms} */
  public RateLimit limit() {
    return limit;
  }

  private void require(long permits) {
    if (permits < 1 || permits > limit.burst()) {
      throw new IllegalArgumentException(
          "permits is " + permits + ", must be 1 to the burst, " + limit.burst());
    }
  }
}
