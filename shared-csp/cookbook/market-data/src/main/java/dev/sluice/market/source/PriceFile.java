package dev.sluice.market.source;

import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Tick;
import dev.sluice.market.stage.LineParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a {@link Replay}; what is wrong is named with its file and line. */
final class PriceFile {
  private static final String ROW =
      "it must be TIME,SYMBOL,PRICE[,SIZE]: a symbol of 1 to 16 of A-Z 0-9 . - / _ and at most"
          + " 10000 different ones, a price of up to 10 digits before and 8 after a point, a size"
          + " to "
          + LineParser.MAX_SIZE;

  private static final String TIME =
      "its time must be a date, an instant in ISO 8601 or milliseconds since 1970, to the year 9999";

  /**
   * A row.
   *
   * @param time in milliseconds since 1970
   * @param symbol in ASCII
   * @param price as in {@link Tick}
   * @param size 0 when the file does not say
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(long time, byte[] symbol, long price, long size) {}

  private final String name;
  private final BufferedReader in;
  private final LineParser parser = new LineParser();
  private final List<Row> rows = new ArrayList<>();

  private PriceFile(String name, Reader in) {
    this.name = name;
    this.in = new BufferedReader(in);
  }

  /**
   * Reads all.
   *
   * @param name of the file, for errors
   * @param in its text
   * @return the rows, at least one
   * @throws IllegalArgumentException names the file, the line and what is allowed
   */
  static List<Row> read(String name, Reader in) throws IOException {
    return new PriceFile(name, in).read();
  }

  private List<Row> read() throws IOException {
    int number = 1;
    try {
      for (String line = line(); line != null; line = line()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          add(row(line));
        }
        number++;
      }
    } catch (CharacterCodingException wrong) {
      throw new IllegalArgumentException(name + " is not UTF-8", wrong);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          name + ", line " + number + ": " + wrong.getMessage(), wrong);
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(name + " has no rows");
    }
    return List.copyOf(rows);
  }

  /** The next line; null at the end. A file without line ends is not taken into memory. */
  private @Nullable String line() throws IOException {
    var line = new StringBuilder();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() > LineParser.MAX_LINE) {
        throw new IllegalArgumentException(
            "it has more than " + LineParser.MAX_LINE + " characters");
      }
      line.append((char) next);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private void add(Row row) {
    if (!rows.isEmpty() && row.time < rows.getLast().time) {
      throw new IllegalArgumentException(
          "its time is before that of the row above; rows must be sorted by time");
    }
    if (rows.size() == Replay.MAX_ROWS) {
      throw new IllegalArgumentException("there are more than " + Replay.MAX_ROWS + " rows");
    }
    rows.add(row);
  }

  private Row row(String line) {
    int comma = line.indexOf(',');
    Tick tick = comma < 0 ? null : tick(line.substring(comma + 1));
    if (tick == null) {
      throw new IllegalArgumentException(ROW);
    }
    byte[] symbol = tick.symbol().getBytes(StandardCharsets.US_ASCII);
    return new Row(time(line.substring(0, comma)), symbol, tick.price(), tick.size());
  }

  /** What follows the time is a line of CSV, of which a time is no part. */
  private @Nullable Tick tick(String rest) {
    boolean isCsv = rest.indexOf('=') < 0 && !rest.startsWith("{");
    Tick tick =
        isCsv ? parser.parse(new RawTick(0, rest.getBytes(StandardCharsets.UTF_8), 0)) : null;
    return tick == null || tick.time() != Tick.NO_TIME ? null : tick;
  }

  private static long time(String text) {
    try {
      long time = millis(text);
      if (time < -LineParser.MAX_TIME || time > LineParser.MAX_TIME) {
        throw new IllegalArgumentException(TIME);
      }
      return time;
    } catch (DateTimeException | ArithmeticException | NumberFormatException wrong) {
      throw new IllegalArgumentException(TIME, wrong);
    }
  }

  private static long millis(String text) {
    if (text.chars().allMatch(each -> each >= '0' && each <= '9')) {
      return Long.parseLong(text);
    }
    return text.indexOf('T') < 0
        ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli()
        : Instant.parse(text).toEpochMilli();
  }
}
