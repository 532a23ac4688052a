package dev.sluice.market;

import dev.sluice.market.model.Bar;

/** Sees each bar in the hands of its consumer. */
@FunctionalInterface
public interface MarketObserver {
  /** Looks away. */
  MarketObserver NONE = (_, _, _) -> {};

  /**
   * A consumer has taken a bar. Called by the consumers' processes, by several at a time; must not
   * wait.
   *
   * @param consumer the consumer's name
   * @param bar what it took
   * @param endToEnd nanoseconds since the oldest of the bar's ticks came into the pipeline
   */
  void delivered(String consumer, Bar bar, long endToEnd);
}
