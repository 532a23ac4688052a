package dev.sluice.pool.api.jobs;

import dev.sluice.pool.api.FieldChecks;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where the next page begins, as text that nobody is to look into. */
final class Cursor {
  private static final int BYTES = 1 + Long.BYTES;
  private static final byte FORM = 1;

  private Cursor() {}

  static @Nullable String text(@Nullable Long next) {
    return next == null
        ? null
        : Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(ByteBuffer.allocate(BYTES).put(FORM).putLong(next).array());
  }

  static @Nullable Long parse(@Nullable String text, FieldChecks checks) {
    if (text == null) {
      return null;
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length == BYTES && bytes[0] == FORM) {
        return ByteBuffer.wrap(bytes, 1, Long.BYTES).getLong();
      }
    } catch (IllegalArgumentException notBase64) {
      // is told below
    }
    checks.wrong("cursor", text, "must be the next of an earlier page");
    return null;
  }
}
