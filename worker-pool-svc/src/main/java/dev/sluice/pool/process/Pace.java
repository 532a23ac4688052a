package dev.sluice.pool.process;

import java.time.Duration;

/**
 * How long attempts took lately, and what that means for those who want room: an average in which
 * the last weighs an eighth.
 */
final class Pace {
  private static final int WEIGHT = 8;
  private static final long LEAST_MILLIS = 1_000;
  private static final long MOST_MILLIS = 60_000;

  private final int workers;
  private long average;

  Pace(int workers) {
    this.workers = workers;
  }

  void attemptTook(long nanos) {
    average = average == 0 ? nanos : average + (nanos - average) / WEIGHT;
  }

  /**
   * When so many more places may be free if every attempt is the last of its job: a guess, from a
   * second to a minute.
   */
  Duration untilFree(int places) {
    double millis = Math.ceil((double) average * places / workers / 1e6);
    return Duration.ofMillis((long) Math.clamp(millis, LEAST_MILLIS, MOST_MILLIS));
  }
}
