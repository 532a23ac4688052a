package dev.sluice.pool.process.push;

import dev.sluice.csp.Clock;
import dev.sluice.csp.patterns.Gcra;
import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.pool.model.Rate;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How fast something may be taken; it may be changed meanwhile. Owned by one process. */
public final class JobRate {
  private final Clock clock;
  private @Nullable Rate rate;
  private @Nullable Gcra bucket;

  /**
   * A rate of which nothing has been used.
   *
   * @param rate null: as fast as can be
   * @param clock by which it goes
   */
  public JobRate(@Nullable Rate rate, Clock clock) {
    this.clock = clock;
    set(rate);
  }

  /** Begins anew with another rate; the same one goes on as it was. */
  public void change(@Nullable Rate other) {
    if (!Objects.equals(rate, other)) {
      set(other);
    }
  }

  /**
   * Takes one if it is there.
   *
   * @return zero: it has been taken; else how long until one is there
   */
  public Duration tryTake() {
    if (bucket == null || bucket.tryTake(1, clock.nanos())) {
      return Duration.ZERO;
    }
    return untilNext();
  }

  /** Gives one back that was taken and not used. */
  public void giveBack() {
    if (bucket != null && !bucket.isFull(clock.nanos())) {
      bucket.giveBack(1);
    }
  }

  /** How many could be taken now; {@link Integer#MAX_VALUE} if there is no rate. */
  public int available() {
    return bucket == null
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, bucket.remaining(clock.nanos()));
  }

  /** How long until one can be taken; zero: now. */
  public Duration untilNext() {
    return bucket == null ? Duration.ZERO : Duration.ofNanos(bucket.nanosUntil(1, clock.nanos()));
  }

  /** Whether it is as if nothing had ever been taken. */
  boolean isFresh() {
    return bucket == null || bucket.isFull(clock.nanos());
  }

  private void set(@Nullable Rate other) {
    rate = other;
    bucket =
        other == null
            ? null
            : new Gcra(new RateLimit(other.limit(), other.per(), other.burst()), clock.nanos());
  }
}
