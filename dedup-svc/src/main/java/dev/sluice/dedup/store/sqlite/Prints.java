package dev.sluice.dedup.store.sqlite;

import dev.sluice.store.Fingerprint;
import java.nio.ByteBuffer;

/** 128 bits as a blob of 16 bytes. */
final class Prints {
  private Prints() {}

  static byte[] bytes(Fingerprint print) {
    return bytes(print.high(), print.low());
  }

  static byte[] bytes(long high, long low) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
  }

  static Fingerprint fingerprint(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Fingerprint(buffer.getLong(), buffer.getLong());
  }
}
