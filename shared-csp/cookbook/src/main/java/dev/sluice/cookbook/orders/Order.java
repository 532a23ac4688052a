package dev.sluice.cookbook.orders;

/**
 * What a customer wants.
 *
 * @param customer who pays
 * @param item what has a price
 * @param quantity how many, at least 1
 */
public record Order(String customer, String item, int quantity) {
  /** Checks the quantity. */
  public Order {
    if (quantity < 1) {
      throw new IllegalArgumentException("quantity is " + quantity + ", must be 1 or more");
    }
  }

  /** {@return what it costs at that price a piece} */
  public long amount(int price) {
    return (long) price * quantity;
  }
}
