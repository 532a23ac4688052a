package dev.sluice.dedup.process.claims;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a key is called in a path, and leads to its owner by: the namespace, a zero and the key, in
 * Base64 for URLs. It is no secret; who owns the claim is known by its token.
 *
 * @param namespace whose key
 * @param key which of them
 */
record ClaimId(String namespace, String key) {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  String text() {
    return ENCODER.encodeToString((namespace + '\0' + key).getBytes(StandardCharsets.UTF_8));
  }

  /** Reads one; empty when the text is none. */
  static Optional<ClaimId> parse(String text) {
    return decoded(text).filter(id -> id.text().equals(text)); // there is only one for each
  }

  private static Optional<ClaimId> decoded(String text) {
    String names;
    try {
      names = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    int end = names.indexOf('\0');
    return end < 1 || end == names.length() - 1
        ? Optional.empty()
        : Optional.of(new ClaimId(names.substring(0, end), names.substring(end + 1)));
  }
}
