package dev.sluice.dedup.api.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.RestAssured;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of {@code POST /dedup/stream} on a socket of its own: every byte is in sight. */
final class StreamCall implements AutoCloseable {
  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final Map<String, String> fields = new HashMap<>();
  private int status;
  private int chunkLeft;
  private boolean ended;

  StreamCall(String query) throws IOException {
    this(query, "Content-Type: application/x-ndjson\r\n");
  }

  StreamCall(String query, String headers) throws IOException {
    socket = new Socket("localhost", RestAssured.port);
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new BufferedInputStream(socket.getInputStream());
    out.write(
        ("POST /dedup/stream?"
                + query
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + headers
                + "Transfer-Encoding: chunked\r\n\r\n")
            .getBytes(ISO_8859_1));
    out.flush();
  }

  Socket socket() {
    return socket;
  }

  /** Sends it as one chunk. */
  StreamCall send(byte[] bytes, int from, int to) throws IOException {
    var chunk = new ByteArrayOutputStream();
    chunk.write((Integer.toHexString(to - from) + "\r\n").getBytes(ISO_8859_1));
    chunk.write(bytes, from, to - from);
    chunk.write("\r\n".getBytes(ISO_8859_1));
    out.write(chunk.toByteArray());
    out.flush();
    return this;
  }

  StreamCall send(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    return send(bytes, 0, bytes.length);
  }

  /** Ends the input. */
  StreamCall end() throws IOException {
    out.write("0\r\n\r\n".getBytes(ISO_8859_1));
    out.flush();
    return this;
  }

  int status() throws IOException {
    if (status == 0) {
      status = Integer.parseInt(httpLine().split(" ")[1]);
      readFields();
    }
    return status;
  }

  /** A header or, after the end, a trailer. */
  @Nullable String field(String name) {
    return fields.get(name.toLowerCase(Locale.ROOT));
  }

  /** The next line of the answer without its LF; null at the end. */
  @Nullable String line() throws IOException {
    status();
    var line = new ByteArrayOutputStream();
    for (int b = read(); b >= 0; b = read()) {
      if (b == '\n') {
        return line.toString(UTF_8);
      }
      line.write(b);
    }
    return line.size() == 0 ? null : line.toString(UTF_8);
  }

  /** All that is still to come. */
  byte[] rest() throws IOException {
    status();
    var rest = new ByteArrayOutputStream();
    for (int b = read(); b >= 0; b = read()) {
      rest.write(b);
    }
    return rest.toByteArray();
  }

  /** The lines that are still to come. */
  List<String> lines() throws IOException {
    var lines = new ArrayList<String>();
    for (String line = line(); line != null; line = line()) {
      lines.add(line);
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private int read() throws IOException {
    if (ended) {
      return -1;
    }
    if (field("transfer-encoding") == null) {
      return plain();
    }
    if (chunkLeft == 0) {
      chunkLeft = Integer.parseInt(httpLine(), 16);
      if (chunkLeft == 0) {
        readFields();
        ended = true;
        return -1;
      }
    }
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the answer is cut off");
    }
    if (--chunkLeft == 0) {
      httpLine();
    }
    return b;
  }

  /** A problem has a length. */
  private int plain() throws IOException {
    int left = Integer.parseInt(String.valueOf(field("content-length")));
    ended = left == 0;
    fields.put("content-length", "" + (left - 1));
    return left == 0 ? -1 : in.read();
  }

  private void readFields() throws IOException {
    for (String line = httpLine(); !line.isEmpty(); line = httpLine()) {
      int colon = line.indexOf(':');
      fields.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
  }

  private String httpLine() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended after: " + line);
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
