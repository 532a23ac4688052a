package dev.sluice.market.model;

import java.util.Locale;

/** The stages, in the order in which ticks pass them. */
public enum Stage {
  /** Makes ticks, or reads them. */
  SOURCE,
  /** One gate for each source: its cap and its breaker. */
  INGEST,
  /** Makes one schema of three formats. */
  NORMALISE,
  /** Lets subscribed symbols through. */
  FILTER,
  /** Makes bars of ticks. */
  AGGREGATE,
  /** Hands each bar to each consumer, as its policy says. Counts bars, not ticks. */
  PUBLISH;

  /** {@return its name in figures and metrics} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
