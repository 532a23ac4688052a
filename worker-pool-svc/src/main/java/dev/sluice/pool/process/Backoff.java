package dev.sluice.pool.process;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long after each failure, at most the cap, and
 * of that between half and all by chance, so that jobs that failed together do not come back
 * together.
 */
final class Backoff {
  private final Duration cap;
  private final RandomGenerator random;

  Backoff(Duration cap, RandomGenerator random) {
    this.cap = cap;
    this.random = random;
  }

  /**
   * @param initial the time after the first failure
   * @param failures how many attempts have failed; at least 1
   */
  Duration after(Duration initial, int failures) {
    long whole = Math.min(doubled(initial.toNanos(), failures - 1), cap.toNanos());
    long half = whole / 2;
    return Duration.ofNanos(whole - half + random.nextLong(half + 1));
  }

  /** The target's wish, as far as the cap allows it. */
  Duration capped(Duration wish) {
    return wish.compareTo(cap) < 0 ? wish : cap;
  }

  private static long doubled(long nanos, int times) {
    boolean fits = nanos == 0 || times < Long.numberOfLeadingZeros(nanos);
    return fits ? nanos << Math.min(times, Long.SIZE - 1) : Long.MAX_VALUE;
  }
}
