package dev.sluice.csp.patterns;

import java.time.Duration;

/** What the patterns ask of their arguments; each failure names the value and what is allowed. */
final class Require {
  /** So long that no sum of two overflows a long of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private Require() {}

  static int atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " or more");
    }
    return value;
  }

  /** Answers the duration in nanoseconds. */
  static long positive(Duration value, String name) {
    if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be more than 0 and at most 100 years");
    }
    return value.toNanos();
  }
}
