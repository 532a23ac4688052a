package dev.sluice.mesh.store;

import java.time.Duration;

/**
 * How long a log remembers what became of a request. Requests that are not answered are kept
 * whatever is said here.
 *
 * @param keep how long after the answer; those that came before others may be kept a little longer
 * @param keepMax how many answered requests at most; the first accepted are forgotten first
 * @param keepBytes how large the data may be, of an engine of its own, before answered requests are
 *     forgotten for that
 */
public record LogSettings(Duration keep, long keepMax, long keepBytes) {
  /** The most that {@link #keepMax} may be: an id takes some 30 bytes of memory. */
  public static final long MOST = 20_000_000;

  /** Ten minutes, a million, 2 GiB. */
  public static final LogSettings DEFAULTS =
      new LogSettings(Duration.ofMinutes(10), 1_000_000, 2L << 30);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException one is negative, or none is kept, or more than {@link #MOST}
   */
  public LogSettings {
    if (keep.isNegative()) {
      throw new IllegalArgumentException("keep is " + keep + ", must not be negative");
    }
    if (keepMax < 1 || keepMax > MOST) {
      throw new IllegalArgumentException("keep-max is " + keepMax + ", must be 1 to " + MOST);
    }
    if (keepBytes < 1) {
      throw new IllegalArgumentException("keep-bytes is " + keepBytes + ", must be 1 or more");
    }
  }
}
