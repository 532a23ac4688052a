package dev.sluice.market.model;

import java.util.Locale;

/** What happens when a consumer's queue is full. */
public enum Policy {
  /** Publishing waits, and with it everything before it: nothing is lost, all are slow. */
  BLOCK,
  /** The bar that comes is dropped, and counted. */
  DROP_NEWEST,
  /** The bar that has waited longest is dropped, and counted. */
  DROP_OLDEST;

  /** {@return its name in options, figures and metrics} */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
