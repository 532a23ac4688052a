package dev.sluice.mesh.process;

/**
 * Tells processes apart, of all names and over restarts of the supervisor: numbers that grow, from
 * the time in milliseconds at its start. A supervisor gives far fewer than one in a millisecond, so
 * the next one begins above all that this one has given; and they are exact in JSON, whose numbers
 * are so up to 2^53.
 */
final class Numbers {
  private long last;

  /**
   * @param epochNanos the time, in nanoseconds since 1970
   */
  Numbers(long epochNanos) {
    this.last = epochNanos / 1_000_000;
  }

  /** The last that was given; at first one that is above all that were given before. */
  long last() {
    return last;
  }

  long next() {
    return ++last;
  }

  /** Somebody has been given this number: the next are above it. */
  void above(long given) {
    last = Math.max(last, given);
  }
}
