package dev.sluice.market.source;

import dev.sluice.market.model.Tick;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Prices that walk at random, as lines; owned by one process. */
public final class RandomWalk {
  private static final long CENT = Tick.PRICE_SCALE / 100;

  private final SplittableRandom random;
  private final LineFormat.Writer writer;
  private final byte[][] symbols;
  private final long[] prices;

  /**
   * A walk of each symbol.
   *
   * @param format of the lines
   * @param random decides everything
   * @param symbols in ASCII; at least one
   */
  public RandomWalk(LineFormat format, SplittableRandom random, List<String> symbols) {
    this.random = random;
    this.writer = new LineFormat.Writer(format);
    this.symbols =
        symbols.stream()
            .map(symbol -> symbol.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    this.prices = random.longs(symbols.size(), 1_000, 100_000).map(cents -> cents * CENT).toArray();
  }

  /**
   * The next line, of any of the symbols.
   *
   * @param time of the tick, in milliseconds since 1970
   * @param garbage the chance that the line cannot be read, 0 to 1
   * @return a new array
   */
  public byte[] line(long time, double garbage) {
    int symbol = random.nextInt(symbols.length);
    prices[symbol] = Math.max(CENT, prices[symbol] + random.nextInt(-5, 6) * CENT);
    byte[] line = writer.line(symbols[symbol], prices[symbol], 1 + random.nextInt(1_000), time);
    return garbage > 0 && random.nextDouble() < garbage ? spoilt(line) : line;
  }

  /** Cut short before its price, noise, or one letter too long. */
  private byte[] spoilt(byte[] line) {
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(line, random.nextInt(0, 2));
      case 1 -> {
        byte[] noise = new byte[1 + random.nextInt(32)];
        random.nextBytes(noise);
        noise[0] = '?';
        yield noise;
      }
      default -> {
        byte[] longer = Arrays.copyOf(line, line.length + 1);
        longer[line.length] = 'x';
        yield longer;
      }
    };
  }
}
