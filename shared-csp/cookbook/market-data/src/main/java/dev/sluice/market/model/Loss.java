package dev.sluice.market.model;

import java.util.Locale;

/** Why a tick did not become part of a bar, or a bar did not reach a consumer. Each is counted. */
public enum Loss {
  /** It was more than its source may send: dropped at ingest. */
  CAPPED,
  /** Its source was isolated by its breaker: dropped at ingest. */
  ISOLATED,
  /** It could not be read: dropped by the normaliser. */
  GARBAGE,
  /** Nobody has subscribed to its symbol: filtered. */
  UNSUBSCRIBED,
  /** Its window had been flushed: dropped by the aggregator. */
  LATE,
  /** Its window is too far ahead to be opened: dropped by the aggregator. */
  EARLY,
  /** A bar: its consumer's queue was full, and the consumer wants the older ones. */
  DROPPED_NEWEST,
  /** A bar: its consumer's queue was full, and the consumer wants the newer ones. */
  DROPPED_OLDEST;

  /** {@return its name in figures and metrics} */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
