package dev.sluice.limiter.process.permits;

import dev.sluice.limiter.store.LeaseId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a lease is called by those who have it: its id, which cannot be guessed, and the policy and
 * the key, which lead to its owner. As text it is 16 bytes of id, the policy's name, a zero and the
 * key, in Base64 for URLs.
 *
 * @param id tells it from all others of its key
 * @param policy the policy's name; null for a limit without a name
 * @param key what is limited
 */
record LeaseToken(LeaseId id, @Nullable String policy, String key) {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  String text() {
    byte[] names = ((policy == null ? "" : policy) + '\0' + key).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(2 * Long.BYTES + names.length)
            .putLong(id.high())
            .putLong(id.low())
            .put(names);
    return ENCODER.encodeToString(bytes.array());
  }

  /** Reads one; empty when the text is none. */
  static Optional<LeaseToken> parse(String text) {
    return decoded(text).filter(token -> token.text().equals(text)); // there is only one for each
  }

  private static Optional<LeaseToken> decoded(String text) {
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(decoded);
    if (bytes.remaining() < 2 * Long.BYTES) {
      return Optional.empty();
    }
    var id = new LeaseId(bytes.getLong(), bytes.getLong());
    String names = StandardCharsets.UTF_8.decode(bytes).toString();
    int end = names.indexOf('\0');
    return end < 0
        ? Optional.empty()
        : Optional.of(
            new LeaseToken(
                id, end == 0 ? null : names.substring(0, end), names.substring(end + 1)));
  }
}
