package dev.sluice.dedup.store.claims;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Tells one claim of a key from all others: 128 bits that nobody can guess. Whoever has the token
 * of the present claim owns the key; that of an earlier one is refused.
 *
 * @param high the first half
 * @param low the second half
 */
public record ClaimToken(long high, long low) {

  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{32}");

  /**
   * Draws one.
   *
   * @param random one that cannot be foreseen
   */
  public static ClaimToken draw(RandomGenerator random) {
    return new ClaimToken(random.nextLong(), random.nextLong());
  }

  /** As text: 32 hexadecimal digits. */
  public String text() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }

  /** Reads one; empty when the text is none. */
  public static Optional<ClaimToken> parse(String text) {
    return TEXT.matcher(text).matches()
        ? Optional.of(
            new ClaimToken(
                HexFormat.fromHexDigitsToLong(text, 0, 16),
                HexFormat.fromHexDigitsToLong(text, 16, 32)))
        : Optional.empty();
  }
}
