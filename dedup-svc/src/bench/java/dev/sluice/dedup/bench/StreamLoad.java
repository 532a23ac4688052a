package dev.sluice.dedup.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Streams lines of 60 bytes over one connection to {@code POST /dedup/stream}, every key twice in a
 * row, and reads the answers at the same time.
 *
 * <pre>
 *   java dev.sluice.dedup.bench.StreamLoad 'http://localhost:8082/dedup/stream?ttl=1m&amp;key=/id' 10s
 *   java dev.sluice.dedup.bench.StreamLoad 'http://localhost:8082/dedup/stream?ttl=1m&amp;key=/id' 5000000
 * </pre>
 */
public final class StreamLoad {
  private static final byte[] LINE =
      "{\"id\":\"0000000000000000\",\"n\":12345,\"what\":\"the stream load\"}\n"
          .getBytes(ISO_8859_1);
  private static final int ID = 7;
  private static final int ID_LENGTH = 16;
  private static final int LINES = 1_000;
  private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
  private static final int TAIL = 4_096;

  /**
   * What came of it.
   *
   * @param sent how many lines
   * @param passed how many came back
   * @param seconds from the first byte to the last
   * @param tail the last of what the service said: the trailers
   */
  public record Result(long sent, long passed, double seconds, String tail) {

    /** Lines sent and decided in a second. */
    public double linesPerSecond() {
      return sent / seconds;
    }

    /**
     * A number that the service gave at the end.
     *
     * @throws IllegalStateException it gave none: the stream did not come to its end
     */
    public long trailer(String name) {
      Matcher found = Pattern.compile("(?i)" + name + ": (\\d+)").matcher(tail);
      if (!found.find()) {
        throw new IllegalStateException("no " + name + " in:\n" + tail);
      }
      return Long.parseLong(found.group(1));
    }
  }

  private StreamLoad() {}

  /** Streams, and prints what came of it. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2 || arguments.length > 3) {
      System.err.println("usage: StreamLoad URL LINES|SECONDSs [KEYS]");
      System.exit(2);
    }
    URI url = URI.create(arguments[0]);
    String much = arguments[1];
    long keys = arguments.length == 3 ? Long.parseLong(arguments[2]) : Long.MAX_VALUE;
    Result result =
        much.endsWith("s")
            ? run(
                url,
                Long.MAX_VALUE,
                Duration.ofSeconds(Long.parseLong(much.substring(0, much.length() - 1))),
                keys)
            : run(url, Long.parseLong(much), Duration.ofDays(1), keys);
    System.out.printf(
        Locale.ROOT,
        "%,.0f lines/s: %,d sent, %,d passed in %.2f s; the service counted %,d and %,d%n",
        result.linesPerSecond(),
        result.sent(),
        result.passed(),
        result.seconds(),
        result.trailer("sluice-lines"),
        result.trailer("sluice-passed"));
  }

  /**
   * Streams so many lines, or so long, whichever ends first; rounded up to {@value #LINES} lines.
   *
   * @param keys how many there are; after so many the first comes again
   */
  public static Result run(URI url, long lines, Duration limit, long keys) throws IOException {
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      long begin = System.nanoTime();
      OutputStream out = socket.getOutputStream();
      out.write(head(url).getBytes(ISO_8859_1));
      var sending =
          CompletableFuture.supplyAsync(
              () -> send(out, lines, begin + limit.toNanos(), keys), Thread::startVirtualThread);
      var counter = new Counter();
      counter.readAll(socket.getInputStream());
      long sent = sending.join();
      return new Result(
          sent,
          counter.lines,
          (System.nanoTime() - begin) / 1e9,
          counter.tail.toString(ISO_8859_1));
    }
  }

  private static String head(URI url) {
    return "POST "
        + url.getRawPath()
        + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
        + " HTTP/1.1\r\nHost: "
        + url.getHost()
        + "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  private static long send(OutputStream out, long lines, long until, long keys) {
    byte[] size = (Integer.toHexString(LINES * LINE.length) + "\r\n").getBytes(ISO_8859_1);
    var chunk = new byte[size.length + LINES * LINE.length + 2];
    System.arraycopy(size, 0, chunk, 0, size.length);
    for (int i = 0; i < LINES; i++) {
      System.arraycopy(LINE, 0, chunk, size.length + i * LINE.length, LINE.length);
    }
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    long sent = 0;
    try {
      while (sent < lines && System.nanoTime() - until < 0) {
        for (int i = 0; i < LINES; i++) {
          putId(chunk, size.length + i * LINE.length + ID, (sent + i) / 2 % keys);
        }
        out.write(chunk);
        sent += LINES;
      }
      out.write("0\r\n\r\n".getBytes(ISO_8859_1));
      return sent;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void putId(byte[] into, int at, long id) {
    long left = id;
    for (int i = ID_LENGTH - 1; i >= 0; i--) {
      into[at + i] = HEX[(int) left & 15];
      left >>>= 4;
    }
  }

  /** Counts lines: their LF has no CR before it, unlike those of the chunks that carry them. */
  private static final class Counter {
    final ByteArrayOutputStream tail = new ByteArrayOutputStream();
    long lines;

    void readAll(InputStream in) throws IOException {
      var bytes = new byte[256 * 1024];
      byte before = '\r';
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        for (int i = 0; i < read; i++) {
          if (bytes[i] == '\n' && before != '\r') {
            lines++;
          }
          before = bytes[i];
        }
        if (read < TAIL && tail.size() < 16 * TAIL) {
          tail.write(bytes, 0, read);
        } else {
          tail.reset();
          tail.write(bytes, Math.max(0, read - TAIL), Math.min(read, TAIL));
        }
      }
    }
  }
}
