package dev.sluice.limiter.store;

/**
 * What is kept of one key: an instant and some counts. What they mean is the {@link Algorithm}'s,
 * but for one thing: from the nanosecond after {@code at} on, the cell is the same as none.
 */
final class Cell {
  long at;
  final int[] counts;

  Cell(int counts) {
    this.counts = new int[counts];
  }
}
