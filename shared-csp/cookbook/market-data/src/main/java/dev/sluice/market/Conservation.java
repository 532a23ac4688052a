package dev.sluice.market;

import dev.sluice.market.model.Count;
import java.util.List;

/**
 * What became of everything, when a pipeline has ended.
 *
 * @param rows in the order of the stages; the counts of the aggregator's row are ticks, of those
 *     after it bars
 * @param faults what does not add up, for people; empty when everything is accounted for
 */
public record Conservation(List<Row> rows, List<String> faults) {

  /**
   * A line of the table.
   *
   * @param name of the stage, or {@code publish NAME} of a consumer
   * @param count what it did; what is held was in its hands or its input when it was cancelled
   */
  public record Row(String name, Count count) {}

  /** Keeps copies. */
  public Conservation {
    rows = List.copyOf(rows);
    faults = List.copyOf(faults);
  }

  /** {@return whether everything is accounted for} */
  public boolean isAccountedFor() {
    return faults.isEmpty();
  }
}
