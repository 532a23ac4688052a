package dev.sluice.market.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A mark that a source sends between its ticks, ten times a second. It overtakes nothing and is
 * overtaken by nothing of its source, so what the stages have counted of that source when they pass
 * it on must agree to the tick: what one has sent before the mark, the next has taken before it (K.
 * M. Chandy, L. Lamport: Distributed Snapshots, 1985). Its times at the stages are their latency.
 *
 * @param source the index of the source
 * @param passed the stages that it has passed, in order
 */
public record Probe(int source, List<Passed> passed) implements Raw, Quote {

  /**
   * It was passed on.
   *
   * @param stage by which stage
   * @param at when, in nanoseconds of the pipeline's clock
   * @param count what the stage had done with the ticks of this source
   */
  public record Passed(Stage stage, long at, Count count) {}

  /** Keeps a copy. */
  public Probe {
    passed = List.copyOf(passed);
  }

  /** {@return the same, passed on by one more stage} */
  public Probe by(Stage stage, long at, Count count) {
    var longer = new ArrayList<>(passed);
    longer.add(new Passed(stage, at, count));
    return new Probe(source, longer);
  }
}
