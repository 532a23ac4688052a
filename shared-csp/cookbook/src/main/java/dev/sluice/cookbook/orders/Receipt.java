package dev.sluice.cookbook.orders;

/** What came of an order. */
public sealed interface Receipt {
  /** The desk did not get to it. */
  Receipt CLOSED = new Refused("the desk is closed");

  /**
   * It is in the customer's balance.
   *
   * @param amount what it cost
   */
  record Booked(long amount) implements Receipt {}

  /**
   * It is not booked.
   *
   * @param why for people to read
   */
  record Refused(String why) implements Receipt {}
}
