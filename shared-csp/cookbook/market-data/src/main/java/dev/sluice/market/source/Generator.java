package dev.sluice.market.source;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes ticks: prices that walk at random, at a rate that changes by the moment. The same seed
 * makes the same ticks, market time for market time, however quickly it passes.
 */
public final class Generator implements Source {
  private static final long SECOND = 1_000_000_000;

  /** How many ticks are sent between two looks at the clock. */
  private static final int PER_LOOK = 32;

  private static final Pattern SYMBOL = Pattern.compile("[A-Z0-9./_-]{1,16}");

  /**
   * How it sends.
   *
   * @param name of the source
   * @param format of its lines
   * @param rate how many ticks a second of market time, in the mean
   * @param seed of all that is random
   * @param symbols that it trades, each 1 to 16 of {@code A-Z 0-9 . - / _}; at least one
   * @param garbage which share of its lines cannot be read, 0 to 1
   */
  public record Settings(
      String name, LineFormat format, long rate, long seed, List<String> symbols, double garbage) {
    /** Checks them. */
    public Settings {
      rate = new SourceOrder.Rate(rate).perSecond();
      garbage = new SourceOrder.Garbage(garbage).share();
      symbols = List.copyOf(symbols);
      if (symbols.isEmpty()) {
        throw new IllegalArgumentException("there are no symbols");
      }
      for (String symbol : symbols) {
        if (!SYMBOL.matcher(symbol).matches()) {
          throw new IllegalArgumentException(
              "symbol is '" + symbol + "', must be 1 to 16 of A-Z 0-9 . - / _");
        }
      }
    }
  }

  private final Settings settings;
  private final SplittableRandom random;
  private final RandomWalk walk;
  private long rate;
  private double garbage;

  /** Until when the rate stays as it is, and the time from tick to tick, in nanoseconds. */
  private long momentEnd;

  private double interval;
  private double due;

  /**
   * A generator.
   *
   * @param settings how it sends
   */
  public Generator(Settings settings) {
    this.settings = settings;
    this.random = new SplittableRandom(settings.seed());
    this.walk = new RandomWalk(settings.format(), random.split(), settings.symbols());
    this.rate = settings.rate();
    this.garbage = settings.garbage();
    beginMoment();
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public boolean goesInStep() {
    return true;
  }

  @Override
  public void run(Feed feed) throws InterruptedException {
    long sentUntil = 0;
    for (long until = feed.step(); until >= 0 && !feed.isStopped(); until = feed.step()) {
      obey(feed, sentUntil);
      send(feed, until);
      sentUntil = until;
    }
  }

  private void obey(Feed feed, long from) {
    for (@Nullable SourceOrder order = feed.order(); order != null; order = feed.order()) {
      switch (order) {
        case SourceOrder.Rate(long perSecond) -> {
          rate = perSecond;
          momentEnd = from; // the next moment begins now, not when a tick is due
          goOn();
        }
        case SourceOrder.Garbage(double share) -> garbage = share;
      }
    }
  }

  /** All that is due before that market time. */
  private void send(Feed feed, long until) throws InterruptedException {
    int untilLook = 0;
    long now = 0;
    while (due < until) {
      if (untilLook == 0) {
        untilLook = PER_LOOK;
        now = feed.clock().nanos();
        feed.probe(now);
      }
      untilLook--;
      feed.send(walk.line(feed.opened() + (long) due / 1_000_000, garbage), now);
      due += interval;
      goOn();
    }
  }

  /**
   * The part of an interval that reaches beyond the moment passes at the rate of the next, so that
   * the mean is right for slow rates too.
   */
  private void goOn() {
    while (due >= momentEnd) {
      double rest = (due - momentEnd) / interval;
      due = momentEnd;
      beginMoment();
      due += rest * interval;
    }
  }

  /** Most are calm, every tenth is a burst of up to three times the rate: 1.0 in the mean. */
  private void beginMoment() {
    double factor =
        random.nextInt(10) == 0 ? random.nextDouble(2, 3) : random.nextDouble(0.5, 1.17);
    interval = SECOND / (rate * factor);
    momentEnd = (long) due + random.nextLong(SECOND / 20, SECOND / 2);
  }
}
