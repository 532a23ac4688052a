package dev.sluice.limiter.store;

import java.math.BigInteger;

/**
 * A token bucket in integers, exact and without drift: over any interval t it grants at most {@code
 * burst + rate * t} permits, and a caller that keeps asking gets at least {@code rate * t - 1}.
 *
 * <p>The state is one instant: when the bucket will be full again if nobody asks. Taking n permits
 * moves it n permits' worth of time ahead; the bucket holds what is missing between that instant
 * and the time it takes to fill. That is the generic cell rate algorithm (ITU-T I.371, virtual
 * scheduling) with the theoretical arrival time shifted by the burst. A permit's worth is {@code
 * per / rate}, which is no whole number of nanoseconds in general, so the instant is a whole number
 * of nanoseconds and a fraction in units of {@code 1 / rate} nanosecond: nothing is ever rounded.
 *
 * <p>All times are nanoseconds on one monotonic scale. A clock that goes back grants nothing extra.
 * Not safe for use by two threads at once.
 */
public final class TokenBucket {
  private final Limit limit;

  /** The bucket is full at {@code fullAt + fraction / rate}, where {@code 0 <= fraction < rate}. */
  private long fullAt;

  private long fraction;

  /** A full bucket. */
  public TokenBucket(Limit limit, long now) {
    this.limit = limit;
    this.fullAt = now;
  }

  private TokenBucket(TokenBucket other) {
    this.limit = other.limit;
    this.fullAt = other.fullAt;
    this.fraction = other.fraction;
  }

  /** A bucket with the same content that goes its own way. */
  public TokenBucket copy() {
    return new TokenBucket(this);
  }

  /** Takes the permits if they are there now; else takes nothing. */
  public boolean tryTake(long permits, long now) {
    if (nanosUntil(permits, now) > 0) {
      return false;
    }
    take(permits, now);
    return true;
  }

  /**
   * Takes the permits, there or not: what is missing is owed, and later permits come that much
   * later.
   */
  public void take(long permits, long now) {
    if (isFull(now)) {
      fullAt = now;
      fraction = 0;
    }
    fullAt += wholeNanos(permits);
    fraction += fractionOf(permits);
    if (fraction >= limit.rate()) {
      fraction -= limit.rate();
      fullAt++;
    }
  }

  /** Undoes a {@link #take} of so many permits. */
  public void giveBack(long permits) {
    fullAt -= wholeNanos(permits);
    fraction -= fractionOf(permits);
    if (fraction < 0) {
      fraction += limit.rate();
      fullAt--;
    }
  }

  /**
   * How long until the permits are there if nobody takes any meanwhile, in nanoseconds, rounded up.
   *
   * @param permits 1 to the burst
   */
  public long nanosUntil(long permits, long now) {
    // They are there when the bucket lacks no more than burst - permits, which is so that long
    // before it is full.
    long spare = limit.burst() - permits;
    if (isFull(now)) {
      return 0;
    }
    long wait = fullAt - now - wholeNanos(spare);
    return Math.max(0, fraction > fractionOf(spare) ? wait + 1 : wait);
  }

  /** How many permits are there; 0 when some are owed. */
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
              .longValueExact();
    }
    return Math.max(0, limit.burst() - missing);
  }

  /**
   * How long until the bucket is full if nobody takes any meanwhile, in nanoseconds, rounded up.
   */
  public long nanosUntilFull(long now) {
    return isFull(now) ? 0 : fullAt - now + (fraction > 0 ? 1 : 0);
  }

  /** Whether all permits are there: such a bucket is the same as a new one. */
  public boolean isFull(long now) {
    long until = fullAt - now;
    return until < 0 || (until == 0 && fraction == 0);
  }

  public Limit limit() {
    return limit;
  }

  /** The whole nanoseconds of {@code permits * per / rate}. */
  private long wholeNanos(long permits) {
    long per = limit.per().toNanos();
    long rate = limit.rate();
    return permits * (per / rate) + permits * (per % rate) / rate;
  }

  /** The rest of {@link #wholeNanos}, in units of {@code 1 / rate} nanosecond. */
  private long fractionOf(long permits) {
    return permits * (limit.per().toNanos() % limit.rate()) % limit.rate();
  }
}
