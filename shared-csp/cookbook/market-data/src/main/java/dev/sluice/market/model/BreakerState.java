package dev.sluice.market.model;

import java.util.Locale;

/** The state of a source's circuit breaker. */
public enum BreakerState {
  /** Its ticks pass. */
  CLOSED,
  /** It is isolated: what it sends is read, counted and dropped. */
  OPEN,
  /** Some of its ticks pass, to see whether it is well again. */
  HALF_OPEN;

  /** {@return its name in figures and metrics} */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
