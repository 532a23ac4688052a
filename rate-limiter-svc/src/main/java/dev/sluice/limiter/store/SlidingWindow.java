package dev.sluice.limiter.store;

import java.util.Arrays;

/**
 * Counts permits by slices of a tenth of the window, and grants while the current slice and the ten
 * before it hold fewer than the limit. Any interval as long as the window lies within such eleven
 * slices, so none ever holds more than the limit; the price is that a permit comes back up to one
 * slice late.
 *
 * <pre>
 *   slice   s-10  s-9  ...  s-1   s            counts[10] ... counts[1] counts[0]
 *           |-----|----|---|----|---now
 *                 |&lt;---- window ---&gt;|
 * </pre>
 *
 * <p>The state is the count of each of the eleven slices that end with the latest one in which
 * anything was taken, and the instant at which that one leaves: its slice's start and eleven slices
 * more.
 */
record SlidingWindow(long limit, long slice) implements Algorithm {
  private static final int SLICES = 10;
  static final int COUNTS = SLICES + 1;

  SlidingWindow(Limit.SlidingWindow terms) {
    this(terms.permits(), Math.ceilDiv(terms.per().toNanos(), SLICES));
  }

  @Override
  public long remaining(Cell cell, long now) {
    return limit - used(cell, now);
  }

  @Override
  public long nanosUntil(Cell cell, long permits, long now) {
    long rounds = (permits - 1) / limit;
    long slices = slicesUntil(cell, permits - rounds * limit, now) + rounds * COUNTS;
    return slices == 0 ? 0 : (current(cell, now) + slices) * slice - now;
  }

  /** How many slices must begin until the permits are there; at most as many as the limit. */
  private long slicesUntil(Cell cell, long permits, long now) {
    long lacking = permits - remaining(cell, now);
    long age = age(cell, now);
    int oldest = COUNTS;
    while (lacking > 0) {
      oldest--;
      if (oldest + age < COUNTS) {
        lacking -= cell.counts[oldest];
      }
    }
    return oldest == COUNTS ? 0 : COUNTS - oldest - age;
  }

  @Override
  public void take(Cell cell, long permits, long now) {
    long current = current(cell, now);
    int age = (int) Math.min(age(cell, now), COUNTS);
    System.arraycopy(cell.counts, 0, cell.counts, age, COUNTS - age);
    Arrays.fill(cell.counts, 0, age, 0);
    cell.counts[0] += (int) permits;
    cell.at = (current + COUNTS) * slice;
  }

  @Override
  public void giveBack(Cell cell, long permits, long now) {
    long rest = permits;
    for (int i = 0; rest > 0; i++) {
      int part = (int) Math.min(rest, cell.counts[i]);
      cell.counts[i] -= part;
      rest -= part;
    }
  }

  private long used(Cell cell, long now) {
    long used = 0;
    for (long i = 0, age = age(cell, now); i + age < COUNTS; i++) {
      used += cell.counts[(int) i];
    }
    return used;
  }

  /** How many slices have begun since the cell's latest. */
  private long age(Cell cell, long now) {
    return current(cell, now) - latest(cell);
  }

  /** The slice of now; the cell's latest if the clock has gone back behind it. */
  private long current(Cell cell, long now) {
    return Math.max(Math.floorDiv(now, slice), latest(cell));
  }

  private long latest(Cell cell) {
    return cell.at / slice - COUNTS;
  }
}
