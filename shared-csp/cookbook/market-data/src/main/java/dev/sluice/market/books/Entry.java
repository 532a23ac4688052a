package dev.sluice.market.books;

import dev.sluice.csp.Reply;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.MarketView;
import dev.sluice.market.model.MarketView.Percentiles;
import dev.sluice.market.model.Probe;
import dev.sluice.market.model.Stage;
import java.time.Duration;

/** What the books are told, and asked. */
public sealed interface Entry {
  /** How often a process tells what it has done, while it is not waiting for room. */
  Duration EVERY = Duration.ofMillis(100);

  /**
   * What a process of a stage has done.
   *
   * @param stage which stage
   * @param part which of its processes; of {@link Stage#SOURCE} and {@link Stage#INGEST} the index
   *     of the source
   * @param count all since the start
   */
  record Progress(Stage stage, int part, Count count) implements Entry {}

  /**
   * What was offered to a consumer, kept for it and dropped.
   *
   * @param consumer its index
   * @param count since the start; {@code out}: put into its queue and left there
   */
  record Offered(int consumer, Count count) implements Entry {}

  /**
   * What a consumer has taken.
   *
   * @param consumer its index
   * @param taken bars since the start
   * @param endToEnd see {@link MarketView.ConsumerView}
   */
  record Taken(int consumer, long taken, Percentiles endToEnd) implements Entry {}

  /**
   * A probe has passed all stages of ticks.
   *
   * @param probe with their counts
   */
  record Arrived(Probe probe) implements Entry {}

  /**
   * A breaker has another state.
   *
   * @param source the index of its source
   * @param state the new one
   */
  record BreakerMoved(int source, BreakerState state) implements Entry {}

  /**
   * A source has ended.
   *
   * @param source its index
   */
  record SourceEnded(int source) implements Entry {}

  /**
   * Somebody looks.
   *
   * @param reply told what is to be seen
   */
  record Look(Reply<MarketView> reply) implements Entry {}
}
