package dev.sluice.load;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * What a load generator has seen in one round.
 *
 * @param perSecond requests answered a second
 * @param p50 milliseconds within which half of them were answered
 * @param p99 milliseconds within which 99 of 100 were
 */
public record Sample(double perSecond, double p50, double p99) {

  /** The median of a figure of theirs. */
  public static double median(Collection<Sample> samples, ToDoubleFunction<Sample> figure) {
    return median(samples.stream().mapToDouble(figure).toArray());
  }

  /** The median. */
  public static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
