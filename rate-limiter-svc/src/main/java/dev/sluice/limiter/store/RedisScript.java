package dev.sluice.limiter.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The Lua scripts: one an algorithm and one for leases, each of which is one decision, and one that
 * counts hits.
 */
enum RedisScript {
  TOKEN_BUCKET("token_bucket.lua"),
  SLIDING_WINDOW("sliding_window.lua"),
  FIXED_WINDOW("fixed_window.lua"),
  COUNT("count.lua"),
  LEASES("leases.lua");

  private final String text;
  private final String digest;

  RedisScript(String file) {
    this.text = read(file);
    this.digest = sha1(text);
  }

  /** What the server runs. */
  String text() {
    return text;
  }

  /** What the server knows it by, once it has been told the text: SHA-1 in hexadecimal. */
  String digest() {
    return digest;
  }

  private static String read(String file) {
    try (InputStream in = Objects.requireNonNull(RedisScript.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
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
