package dev.sluice.market.source;

import dev.sluice.market.source.PriceFile.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Sends the prices of a file again, in their order, as many times faster as one likes: the first
 * row at the opening of the market, a row that is t later in the file t / speed later. The times of
 * the ticks are those of the market, so a bar of a second covers {@code speed} seconds of the file.
 *
 * <p>A row is {@code TIME,SYMBOL,PRICE[,SIZE]}; TIME is a date, an instant in ISO 8601 or
 * milliseconds since 1970, and does not go back. There are at most {@value #MAX_ROWS}. Empty lines
 * and those that begin with {@code #} are skipped.
 */
public final class Replay implements Source {
  /** The most rows of a file. */
  public static final int MAX_ROWS = 1_000_000;

  private final String name;
  private final List<Row> rows;
  private final double speed;
  private final boolean loops;

  private Replay(String name, List<Row> rows, double speed, boolean loops) {
    if (!(speed > 0 && speed <= 1e12)) {
      throw new IllegalArgumentException("speed is " + speed + ", must be above 0, at most 1e12");
    }
    this.name = name;
    this.rows = rows;
    this.speed = speed;
    this.loops = loops;
  }

  /**
   * The daily spot prices of crude oil, WTI and Brent, of March and April 2020, which come with the
   * program; {@code oil-2020.csv} names their origin.
   *
   * @param speed how many seconds of the record pass in a second of market time
   * @param loops whether it begins again at the end
   * @return the source, called {@code oil}
   */
  public static Replay oil(double speed, boolean loops) {
    try (InputStream file =
        Objects.requireNonNull(Replay.class.getResourceAsStream("/oil-2020.csv"))) {
      var reader = new InputStreamReader(file, StandardCharsets.UTF_8);
      return new Replay("oil", PriceFile.read("oil-2020.csv", reader), speed, loops);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * Prices of a file.
   *
   * @param name of the source
   * @param file in UTF-8
   * @param speed how many seconds of the record pass in a second of market time, above 0
   * @param loops whether it begins again at the end
   * @return the source
   * @throws IOException the file cannot be read
   * @throws IllegalArgumentException names the file, the line and what is wrong with it
   */
  public static Replay of(String name, Path file, double speed, boolean loops) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return new Replay(name, PriceFile.read(file.toString(), reader), speed, loops);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean goesInStep() {
    return true;
  }

  @Override
  public void run(Feed feed) throws InterruptedException {
    var writer = new LineFormat.Writer(LineFormat.CSV);
    double begin = 0; // of this round, in market time
    int next = 0;
    for (long until = feed.step(); until >= 0; until = feed.step()) {
      while (!feed.isStopped()) {
        double due = begin + (rows.get(next).time() - rows.getFirst().time()) * 1e6 / speed;
        if (due >= until) {
          break;
        }
        send(feed, writer, rows.get(next), (long) due);
        next++;
        if (next == rows.size()) {
          if (!loops) {
            return;
          }
          next = 0;
          // As long after the last row as rows are apart in the mean.
          begin = due + Math.max(1e6, due - begin) / rows.size();
        }
      }
    }
  }

  private static void send(Feed feed, LineFormat.Writer writer, Row row, long due)
      throws InterruptedException {
    long now = feed.clock().nanos();
    feed.probe(now);
    feed.send(
        writer.line(row.symbol(), row.price(), row.size(), feed.opened() + due / 1_000_000), now);
  }
}
