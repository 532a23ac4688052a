package dev.sluice.market.model;

import java.math.BigDecimal;

/**
 * What was traded of one symbol within one window: open, high, low, close.
 *
 * @param symbol what was traded
 * @param start of the window, in milliseconds since 1970
 * @param open the price of the earliest tick; of several at one millisecond, that which came first
 * @param high the highest price
 * @param low the lowest price
 * @param close the price of the latest tick; of several at one millisecond, that which came last
 * @param volume the sum of the sizes
 * @param count how many ticks
 * @param born when the one that waited longest came into the pipeline, in nanoseconds of the
 *     pipeline's clock
 */
public record Bar(
    String symbol,
    long start,
    long open,
    long high,
    long low,
    long close,
    long volume,
    long count,
    long born) {

  /** {@return a price of ticks and bars as a number} */
  public static BigDecimal decimal(long price) {
    return BigDecimal.valueOf(price, 8).stripTrailingZeros();
  }
}
