package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.Gcra;
import dev.sluice.csp.patterns.RateLimit;

/**
 * A token bucket, exact and without drift: the arithmetic is the library's {@link Gcra}, whose two
 * numbers are the cell's {@code at} and its count.
 */
record TokenBucket(RateLimit terms) implements Algorithm {
  static final int COUNTS = 1;

  @Override
  public long limit() {
    return terms.burst();
  }

  @Override
  public long remaining(Cell cell, long now) {
    return bucket(cell).remaining(now);
  }

  @Override
  public long nanosUntil(Cell cell, long permits, long now) {
    return bucket(cell).nanosUntil(permits, now);
  }

  @Override
  public void take(Cell cell, long permits, long now) {
    Gcra bucket = bucket(cell);
    bucket.take(permits, now);
    keep(bucket, cell);
  }

  @Override
  public void giveBack(Cell cell, long permits, long now) {
    Gcra bucket = bucket(cell);
    bucket.giveBack(permits);
    keep(bucket, cell);
  }

  private Gcra bucket(Cell cell) {
    return new Gcra(terms, cell.at, cell.counts[0]);
  }

  private static void keep(Gcra bucket, Cell cell) {
    cell.at = bucket.fullAt();
    cell.counts[0] = (int) bucket.fraction(); // less than the rate, which fits
  }
}
