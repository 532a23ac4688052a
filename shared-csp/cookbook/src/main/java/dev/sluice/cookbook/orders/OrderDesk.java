package dev.sluice.cookbook.orders;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import java.time.Duration;
import java.util.Map;

/**
 * Takes orders, looks up their prices, and books the amounts to the customers.
 *
 * <pre>
 *   customers --orders--> prices? --amounts--> balances --once a second--> summaries
 * </pre>
 */
public interface OrderDesk extends AutoCloseable {
  /** How long the look-up of a price may take. */
  Duration PRICE_LIMIT = Duration.ofSeconds(5);

  /** How often a summary comes. */
  Duration SUMMARY_PERIOD = Duration.ofSeconds(1);

  /** Opens a desk, whichever it is. */
  interface Opening {
    /** {@return a desk that takes orders} */
    OrderDesk open(Prices prices, Clock clock);
  }

  /**
   * Hands in an order and waits for what comes of it. Any number of customers may do so at once.
   *
   * @param order what is wanted
   * @return booked, or refused: there is no such item, there was no price in time, or the desk was
   *     closed before it got to the order
   * @throws InterruptedException this thread was interrupted; the order may be booked or not
   */
  Receipt submit(Order order) throws InterruptedException;

  /**
   * What each customer has to pay so far.
   *
   * @return by customer; those without a booked order are not in it
   * @throws InterruptedException this thread was interrupted
   * @throws IllegalStateException the desk is closed
   */
  Map<String, Long> balances() throws InterruptedException;

  /**
   * Where a summary comes every {@link #SUMMARY_PERIOD}. A new one replaces one that nobody has
   * received.
   *
   * @return ends when the desk is closed
   */
  ReceiveChannel<Summary> summaries();

  /**
   * Stops at once: orders that are not booked yet are refused. A second call does nothing. To be
   * called by whoever opened the desk.
   */
  @Override
  void close();
}
