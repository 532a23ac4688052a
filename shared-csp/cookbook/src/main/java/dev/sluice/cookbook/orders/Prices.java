package dev.sluice.cookbook.orders;

import java.util.OptionalInt;

/** Where prices come from: usually from afar, so that a look-up may take long, or for ever. */
@FunctionalInterface
public interface Prices {
  /**
   * Looks up a price.
   *
   * @param item what has a price
   * @return empty when there is no such item
   * @throws InterruptedException nobody wants the price any more
   */
  OptionalInt priceOf(String item) throws InterruptedException;
}
