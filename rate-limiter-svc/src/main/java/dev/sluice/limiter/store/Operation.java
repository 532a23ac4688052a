package dev.sluice.limiter.store;

/**
 * One operation on what one key has left.
 *
 * @param key which key, under which limit
 * @param kind what to do
 * @param permits how many; 1 to the limit's, but for {@link Kind#PEEK}, which may ask for more, and
 *     {@link Kind#RESET}, which does not look at it
 */
public record Operation(LimitKey key, Kind kind, long permits) {

  /** What can be done. */
  public enum Kind {
    /** Takes the permits if all of them are there, else none. */
    ACQUIRE,

    /**
     * Takes nothing and says when so many permits could be had: what those ahead in a line want,
     * and one's own. Beyond the limit's own number it is an estimate that is never too late.
     */
    PEEK,

    /** Gives permits back, of those at most that have been taken and have not come back by time. */
    RELEASE,

    /** Forgets the key: all permits are there. */
    RESET
  }
}
