package dev.sluice.limiter.store;

import java.util.Arrays;

/**
 * How permits are counted, in integers. All times are nanoseconds on one scale. A clock that goes
 * back grants nothing extra.
 */
sealed interface Algorithm permits TokenBucket, SlidingWindow, FixedWindow {

  /** The algorithm of the terms. */
  static Algorithm of(Limit limit) {
    return switch (limit) {
      case Limit.TokenBucket(var terms) -> new TokenBucket(terms);
      case Limit.SlidingWindow terms -> new SlidingWindow(terms);
      case Limit.FixedWindow terms -> new FixedWindow(terms);
    };
  }

  /** The most permits at once. */
  long limit();

  /** How many permits are there; 0 when some are owed. */
  long remaining(Cell cell, long now);

  /**
   * How long until the permits are there if nobody takes any meanwhile, rounded up.
   *
   * @param permits more than 0; beyond {@link #limit}: when the last of so many could be had, if
   *     each is taken as soon as it is there
   */
  long nanosUntil(Cell cell, long permits, long now);

  /**
   * Takes the permits.
   *
   * @param permits as many as are there, at most
   */
  void take(Cell cell, long permits, long now);

  /**
   * Gives permits back: those taken last first.
   *
   * @param permits as many as are not there, at most
   */
  void giveBack(Cell cell, long permits, long now);

  /**
   * Carries an operation out on a cell.
   *
   * @param permits as the {@link Operation} says
   */
  default Outcome.Done carryOut(Operation.Kind kind, long permits, Cell cell, long now) {
    return switch (kind) {
      case ACQUIRE -> {
        long until = nanosUntil(cell, permits, now);
        if (until > 0) {
          yield done(cell, 0, until, now);
        }
        take(cell, permits, now);
        yield done(cell, permits, 0, now);
      }
      case PEEK -> done(cell, 0, nanosUntil(cell, permits, now), now);
      case RELEASE -> {
        long given = Math.min(permits, limit() - remaining(cell, now));
        if (given > 0) {
          giveBack(cell, given, now);
        }
        yield done(cell, given, 0, now);
      }
      case RESET -> {
        clear(cell);
        yield done(cell, 0, 0, now);
      }
    };
  }

  private Outcome.Done done(Cell cell, long permits, long retryAfter, long now) {
    return new Outcome.Done(
        permits, remaining(cell, now), retryAfter, nanosUntil(cell, limit(), now));
  }

  /** Makes the cell one that all permits are in. */
  static void clear(Cell cell) {
    cell.at = 0;
    Arrays.fill(cell.counts, 0);
  }
}
