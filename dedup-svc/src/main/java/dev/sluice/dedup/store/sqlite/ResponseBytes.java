package dev.sluice.dedup.store.sqlite;

import dev.sluice.dedup.store.claims.StoredResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/**
 * A stored response as one blob: status, whether it came as text, the headers, the body; numbers
 * are of four bytes, big-endian, and text is UTF-8 after its length.
 */
final class ResponseBytes {
  private ResponseBytes() {}

  static byte[] of(StoredResponse response) {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    try {
      out.writeInt(response.status());
      out.writeBoolean(response.text());
      out.writeInt(response.headers().size());
      for (StoredResponse.Header header : response.headers()) {
        write(out, header.name().getBytes(StandardCharsets.UTF_8));
        write(out, header.value().getBytes(StandardCharsets.UTF_8));
      }
      write(out, response.body());
    } catch (IOException never) { // in memory
      throw new UncheckedIOException(never);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads one.
   *
   * @throws UncheckedIOException it is damaged
   */
  static StoredResponse response(byte[] bytes) {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      int status = in.readInt();
      boolean text = in.readBoolean();
      var headers = new ArrayList<StoredResponse.Header>();
      for (int left = in.readInt(); left > 0; left--) {
        headers.add(new StoredResponse.Header(text(in), text(in)));
      }
      var response = new StoredResponse(status, headers, read(in), text);
      if (in.available() > 0) {
        throw new IOException("more than a response");
      }
      return response;
    } catch (IOException cut) {
      throw new UncheckedIOException("a stored response is not whole", cut);
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(read(in), StandardCharsets.UTF_8);
  }

  private static byte[] read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new EOFException("no " + length + " bytes are left");
    }
    return in.readNBytes(length);
  }
}
