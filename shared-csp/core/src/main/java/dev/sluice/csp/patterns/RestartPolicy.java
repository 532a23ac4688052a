package dev.sluice.csp.patterns;

import java.time.Duration;

/**
 * How a {@link Supervisor} answers the end of a child that is to be started again: after a pause
 * that doubles from one failure to the next, and not more than so many times in a while. Failures
 * that are longer ago than {@code within} are forgotten, so a child that has been well for that
 * long begins with the shortest pause again.
 *
 * <pre>
 *   failure   1st       2nd           3rd                  limit + 1 within the time
 *   pause     |first|   |first * 2|   |first * 4|  ...     gives up
 *                                     at most the longest
 * </pre>
 *
 * @param limit how many restarts within the time; 0 for none, at most {@value #MAX_LIMIT}
 * @param within the time in which they are counted; more than 0
 * @param firstPause before the first restart; more than 0
 * @param longestPause no pause is longer; not less than the first
 */
public record RestartPolicy(
    int limit, Duration within, Duration firstPause, Duration longestPause) {
  /** The largest limit: the supervisor keeps the instants of so many failures a child. */
  public static final int MAX_LIMIT = 1_000;

  /**
   * Checks the terms.
   *
   * @throws IllegalArgumentException names the term, its value and what is allowed
   */
  public RestartPolicy {
    if (limit < 0 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is " + limit + ", must be 0 to " + MAX_LIMIT);
    }
    Require.positive(within, "within");
    Require.positive(firstPause, "firstPause");
    Require.positive(longestPause, "longestPause");
    if (longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "longestPause is " + longestPause + ", must be at least firstPause, " + firstPause);
    }
  }

  /**
   * The pause before a restart.
   *
   * @param restart which one within the time; at least 1
   * @return twice as long for each one, up to the longest
   * @throws IllegalArgumentException {@code restart} is less than 1
   */
  public Duration pause(int restart) {
    Require.atLeast(1, restart, "restart");
    Duration pause = firstPause;
    for (int doubled = 1; doubled < restart && pause.compareTo(longestPause) < 0; doubled++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
