package dev.sluice.idempotency;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in the header {@code Idempotency-Key}: a string as structured fields have it ({@code
 * "8e03978e"}), or, as many clients send it, the same without quotes.
 *
 * @param text the key: 1 to 255 characters of ASCII
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9651#section-3.3.3">RFC 9651, 3.3.3, Strings</a>
 */
record IdempotencyKey(String text) {
  static final String HEADER = "Idempotency-Key";

  private static final int LONGEST = 255;

  /** Two quotes, every character escaped, and some spaces. */
  private static final int LONGEST_LINE = 1024;

  private static final Pattern STRING =
      Pattern.compile(" *\"((?:[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]++|\\\\[\"\\\\])*+)\" *");
  private static final Pattern BARE = Pattern.compile(" *([!#-+\\--:<-\\[\\]-~]+) *");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  /** Reads the lines of the header; empty when they are not one key. */
  static Optional<IdempotencyKey> of(List<String> lines) {
    return lines.size() == 1 && lines.getFirst().length() <= LONGEST_LINE
        ? text(lines.getFirst())
            .filter(text -> !text.isBlank() && text.length() <= LONGEST)
            .map(IdempotencyKey::new)
        : Optional.empty();
  }

  private static Optional<String> text(String line) {
    Matcher string = STRING.matcher(line);
    if (string.matches()) {
      return Optional.of(ESCAPED.matcher(string.group(1)).replaceAll("$1"));
    }
    Matcher bare = BARE.matcher(line);
    return bare.matches() ? Optional.of(bare.group(1)) : Optional.empty();
  }
}
