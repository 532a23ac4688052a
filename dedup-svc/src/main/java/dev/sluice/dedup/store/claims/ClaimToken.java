package dev.sluice.dedup.store.claims;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Tells one claim of a key from all others: 128 bits that nobody can guess. Whoever has the token
 * of the present claim owns the key; that of an earlier one is refused.
 *
 * @param high the first half
 * @param low the second half
 */
public record ClaimToken(long high, long low) {

  /** Draws one. */
  public static ClaimToken draw(SecureRandom random) {
    return new ClaimToken(random.nextLong(), random.nextLong());
  }

  /** As text: 32 hexadecimal digits. */
  public String text() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
