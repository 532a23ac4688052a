package dev.sluice.idempotency;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Stands for a request, and for no other: SHA-256 over its method, path, query and body. */
final class RequestFingerprint {
  private final MessageDigest digest;

  private RequestFingerprint(MessageDigest digest) {
    this.digest = digest;
  }

  static String of(String method, URI uri, byte[] body) {
    var fingerprint = new RequestFingerprint(sha256());
    fingerprint.add(method.getBytes(StandardCharsets.UTF_8));
    fingerprint.add(bytes(uri.getRawPath()));
    fingerprint.add(bytes(uri.getRawQuery()));
    fingerprint.add(body);
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  /** The length before the bytes, so that no two sequences look alike. */
  private void add(byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
    digest.update(part);
  }

  private static byte[] bytes(@Nullable String text) {
    return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every JDK has it
    }
  }
}
