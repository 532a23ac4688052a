package dev.sluice.dedup.api.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.dedup.api.stream.Lines.Line;
import dev.sluice.service.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The line itself is its key. One that cannot be a key, as it is too long, has control characters
 * or is not UTF-8, is known by {@code sha256:} and its digest in hexadecimal.
 */
final class WholeLine implements LineKey {
  private final int maxBytes;

  /**
   * @param maxBytes the longest key
   */
  WholeLine(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public String of(Line line) {
    int length = line.end() - line.from();
    if (length > maxBytes) {
      return digest(line);
    }
    if (isPrintableAscii(line)) {
      return new String(line.bytes(), line.from(), length, ISO_8859_1);
    }
    String text = text(line);
    return text == null || Keys.complaint(text, maxBytes) != null ? digest(line) : text;
  }

  private static boolean isPrintableAscii(Line line) {
    byte[] bytes = line.bytes();
    int end = line.end();
    for (int i = line.from(); i < end; i++) {
      if (bytes[i] < ' ' || bytes[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String text(Line line) {
    try {
      return UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(line.bytes(), line.from(), line.end() - line.from()))
          .toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }

  private static String digest(Line line) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(line.bytes(), line.from(), line.end() - line.from());
      return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
