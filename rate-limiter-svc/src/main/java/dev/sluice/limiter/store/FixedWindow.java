package dev.sluice.limiter.store;

/**
 * Counts the permits of one unit of the calendar. The state is the count, and the instant at which
 * the unit that it is of ends.
 */
record FixedWindow(long limit, CalendarUnit unit) implements Algorithm {
  static final int COUNTS = 1;

  FixedWindow(Limit.FixedWindow terms) {
    this(terms.permits(), terms.unit());
  }

  @Override
  public long remaining(Cell cell, long now) {
    return now < cell.at ? limit - cell.counts[0] : limit;
  }

  @Override
  public long nanosUntil(Cell cell, long permits, long now) {
    long lacking = permits - remaining(cell, now);
    if (lacking <= 0) {
      return 0;
    }
    // The window that is counted, which a clock that has gone back may be before.
    long inWindow = now < cell.at ? cell.at - 1 : now;
    return unit.end(inWindow, (lacking - 1) / limit) - now;
  }

  @Override
  public void take(Cell cell, long permits, long now) {
    if (now >= cell.at) {
      cell.at = unit.end(now, 0);
      cell.counts[0] = 0;
    }
    cell.counts[0] += (int) permits;
  }

  @Override
  public void giveBack(Cell cell, long permits, long now) {
    cell.counts[0] -= (int) permits;
  }
}
