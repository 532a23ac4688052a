package dev.sluice.bench;

import java.util.stream.DoubleStream;

/**
 * What one contestant needs in one shape: nanoseconds an operation, the median over the forks (or
 * Go's counts) and between which they lie, and the bytes that it allocates (NaN: not known).
 */
record Cell(double median, double min, double max, double bytes) {
  /** So far may the forks lie apart, in parts of the median. */
  private static final double STABLE = 0.25;

  /** Of the forks' times; at least one. */
  static Cell of(double[] forks, double bytes) {
    double[] sorted = DoubleStream.of(forks).sorted().toArray();
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Cell(median, sorted[0], sorted[sorted.length - 1], bytes);
  }

  boolean isUnstable() {
    return (max - min) / median > STABLE;
  }

  double perSecond() {
    return 1e9 / median;
  }
}
