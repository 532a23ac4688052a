package dev.sluice.market.model;

/**
 * A trade in the uniform schema.
 *
 * @param source the index of the source
 * @param symbol what was traded
 * @param price in {@link #PRICE_SCALE}ths; may be negative, as that of oil was on 2020-04-20
 * @param size how much, 0 when the source does not say
 * @param time when it was traded, in milliseconds since 1970; {@link #NO_TIME} when the source does
 *     not say
 * @param born when it came into the pipeline, in nanoseconds of the pipeline's clock
 */
public record Tick(int source, String symbol, long price, long size, long time, long born)
    implements Quote {
  /** Prices have eight decimal places. */
  public static final long PRICE_SCALE = 100_000_000;

  /** Of a tick that belongs to the window that is open when it comes. */
  public static final long NO_TIME = Long.MIN_VALUE;
}
