package dev.sluice.dedup.api.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lines in what comes in pieces of any size. A line ends with LF or CR LF, or where the
 * input ends. Lines that are within one piece are not copied.
 */
final class Lines {
  private static final byte[] NOTHING = {};

  private final int max;

  /** The piece that is read now, and how far. */
  private byte[] piece = NOTHING;

  private int at;

  /** The beginning of a line whose end has not come. */
  private byte[] begun = NOTHING;

  private int begunLength;

  /**
   * @param max the longest line, in bytes without its end
   */
  Lines(int max) {
    this.max = max;
  }

  /**
   * A line without its LF.
   *
   * @param bytes where it stands; not to be changed
   * @param from its first byte
   * @param to the first byte after it
   */
  record Line(byte[] bytes, int from, int to) {

    /** The first byte after the line, without the CR before its LF. */
    int end() {
      return to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    }

    /** Whether there is nothing on it but white space. */
    boolean isBlank() {
      for (int i = from; i < to; i++) {
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
          return false;
        }
      }
      return true;
    }

    int length() {
      return to - from;
    }

    /** The same line, in bytes of its own. */
    Line copy() {
      return new Line(Arrays.copyOfRange(bytes, from, to), 0, to - from);
    }
  }

  /** A line is longer than it may be. */
  static final class TooLong extends Exception {
    private static final long serialVersionUID = 1;

    TooLong(int max) {
      super("is longer than " + max + " bytes", null, false, false);
    }
  }

  /** Takes the next piece; the one before has been read to its end. */
  void feed(byte[] next) {
    piece = next;
    at = 0;
  }

  /**
   * The next line; null when its end has not come.
   *
   * @throws TooLong it has more bytes than it may; there is nothing to be read any more then
   */
  @Nullable Line next() throws TooLong {
    int from = at;
    int end = lineFeed(from);
    if (end < 0) {
      keep(from, piece.length);
      piece = NOTHING;
      at = 0;
      return null;
    }
    at = end + 1;
    if (begunLength == 0) {
      return checked(new Line(piece, from, end));
    }
    keep(from, end);
    return takeBegun();
  }

  /**
   * What is left when the input has ended: a line without an end, or null.
   *
   * @throws TooLong as {@link #next}
   */
  @Nullable Line last() throws TooLong {
    return begunLength == 0 ? null : takeBegun();
  }

  private int lineFeed(int from) {
    byte[] in = piece;
    for (int i = from; i < in.length; i++) {
      if (in[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** In an array that doubles, so that a line may come byte by byte. */
  private void keep(int from, int to) throws TooLong {
    int length = begunLength + (to - from);
    boolean endsWithCr = to > from && piece[to - 1] == '\r';
    if (length > max + 1 || length == max + 1 && !endsWithCr && to > from) {
      throw new TooLong(max);
    }
    if (length > begun.length) {
      begun = Arrays.copyOf(begun, Math.max(length, Math.min(max + 1, 2 * begun.length)));
    }
    System.arraycopy(piece, from, begun, begunLength, to - from);
    begunLength = length;
  }

  private Line takeBegun() throws TooLong {
    var line = new Line(begun, 0, begunLength);
    begun = NOTHING;
    begunLength = 0;
    return checked(line);
  }

  private Line checked(Line line) throws TooLong {
    if (line.end() - line.from() > max) {
      throw new TooLong(max);
    }
    return line;
  }
}
