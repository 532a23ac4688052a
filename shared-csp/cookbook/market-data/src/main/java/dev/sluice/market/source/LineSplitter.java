package dev.sluice.market.source;

import dev.sluice.csp.SendChannel;
import dev.sluice.market.stage.LineParser;
import java.util.Arrays;

/**
 * Makes lines of the bytes of one connection. A line ends with LF or CRLF. Of one that is longer
 * than {@link LineParser#MAX_LINE} bytes it keeps one byte more than that, so that the parser
 * refuses it. Owned by one process.
 */
final class LineSplitter {
  /** One more than the longest, and a CR that may belong to its end. */
  private final byte[] line = new byte[LineParser.MAX_LINE + 2];

  private final SendChannel<byte[]> lines;
  private int length;

  LineSplitter(SendChannel<byte[]> lines) {
    this.lines = lines;
  }

  /** Sends the lines that end within the first so many bytes; the rest is kept for the next. */
  void take(byte[] bytes, int many) throws InterruptedException {
    int from = 0;
    for (int i = 0; i < many; i++) {
      if (bytes[i] == '\n') {
        append(bytes, from, i);
        send();
        from = i + 1;
      }
    }
    append(bytes, from, many);
  }

  /** Nothing more comes: what is left is a line too. */
  void end() throws InterruptedException {
    if (length > 0) {
      send();
    }
  }

  private void append(byte[] bytes, int from, int to) {
    int kept = Math.min(to - from, line.length - length);
    System.arraycopy(bytes, from, line, length, kept);
    length += kept;
  }

  private void send() throws InterruptedException {
    // In a full buffer a last CR is only the byte at which the line was cut.
    boolean isCrlf = length > 0 && length < line.length && line[length - 1] == '\r';
    int end = Math.min(isCrlf ? length - 1 : length, LineParser.MAX_LINE + 1);
    length = 0;
    lines.send(Arrays.copyOf(line, end));
  }
}
