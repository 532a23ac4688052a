package dev.sluice.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A Lua script, which the server runs as one step. It answers an array of numbers and texts, and
 * whatever it reads or writes is among the keys it is called with.
 *
 * @param text what the server runs
 * @param digest what the server knows it by, once it has been told the text: SHA-1 in hexadecimal
 */
public record RedisScript(String text, String digest) {

  /**
   * Reads a script that lies beside a class.
   *
   * @throws NullPointerException there is no such file
   */
  public static RedisScript beside(Class<?> type, String file) {
    try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new RedisScript(text, sha1(text));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file, unreadable);
    }
  }

  private static String sha1(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }
}
