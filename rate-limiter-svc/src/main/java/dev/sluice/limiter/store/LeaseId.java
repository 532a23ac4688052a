package dev.sluice.limiter.store;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Tells a lease from all others of its key, and cannot be guessed: 128 random bits.
 *
 * @param high the first half
 * @param low the second half
 */
public record LeaseId(long high, long low) {

  /**
   * Draws one.
   *
   * @param random one that cannot be foreseen
   */
  public static LeaseId random(RandomGenerator random) {
    return new LeaseId(random.nextLong(), random.nextLong());
  }

  /** 32 hexadecimal digits. */
  String text() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
