package dev.sluice.dedup.store;

import java.time.Duration;

/** The store keeps as many keys as it may, and the window of none of them has ended. */
public final class StoreFullException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Duration roomIn;

  /**
   * @param roomIn how long until the next window ends
   */
  StoreFullException(int max, Duration roomIn) {
    super(
        "all " + max + " entries of this shard are in use",
        null,
        false,
        false); // a full store says so to every new key: a stack trace each would cost more
    this.roomIn = roomIn;
  }

  /** How long until the next window ends and there is room for one more. */
  public Duration roomIn() {
    return roomIn;
  }
}
