package dev.sluice.bench.market;

import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.market.MarketSettings;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Tick;
import dev.sluice.market.source.LineFormat;
import dev.sluice.market.source.RandomWalk;
import dev.sluice.market.stage.Breaker;
import dev.sluice.market.stage.LineParser;
import dev.sluice.market.stage.Windows;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the stages decide, the same code for every contestant; what differs is how the ticks get
 * from one to the next. The peers have no probes, verdicts, books nor orders: they do less.
 */
public final class Parts {
  /** Sources, each with a gate. */
  public static final int SOURCES = 10;

  /** Processes that normalise. */
  public static final int NORMALISERS = 2;

  /** How many ticks may wait between two stages. */
  public static final int CAPACITY = 1_024;

  /** How many bars may wait for the consumer. */
  public static final int BARS = 256;

  /** How many ticks are between two looks at the time, where a stage needs it. */
  public static final int PER_LOOK = 256;

  static final List<String> SYMBOLS = IntStream.range(0, 100).mapToObj(i -> "S" + i).toList();
  static final Set<String> SUBSCRIBED = new HashSet<>(SYMBOLS.subList(0, 80));
  static final RateLimit NO_CAP = new RateLimit(100_000_000, Duration.ofSeconds(1), 10_000_000);

  /** Ticks a second of market time of each source. */
  static final long RATE = 100_000;

  private Parts() {}

  /** Makes lines; of one source, and used by it only. */
  public static final class Lines {
    private final int source;
    private final RandomWalk walk;
    private final long opened;
    private final long begin = System.nanoTime();
    private long made;
    private long now;
    private long time;

    /** Of a source; its ticks have the time of the day, for nothing keeps the peers' in step. */
    public Lines(int source, long opened) {
      this.source = source;
      this.walk =
          new RandomWalk(
              List.of(LineFormat.values()).get(source % 3), new SplittableRandom(source), SYMBOLS);
      this.opened = opened;
    }

    /** The next. */
    public RawTick next() {
      if (made % 32 == 0) {
        now = System.nanoTime();
        time = opened + (now - begin) / 1_000_000;
      }
      byte[] line = walk.line(time, 0);
      made++;
      return new RawTick(source, line, now);
    }
  }

  /** Lets ticks in. */
  public static final class In {
    private final Breaker breaker =
        new Breaker(NO_CAP, MarketSettings.BreakerSettings.DEFAULTS, System.nanoTime());
    private long seen;
    private long now;

    /** Whether a tick may pass. */
    public boolean admits() {
      if (seen++ % PER_LOOK == 0) {
        now = System.nanoTime();
      }
      return breaker.admit(now) == null;
    }
  }

  /** Reads lines. */
  public static final class Reader {
    private final LineParser parser = new LineParser();

    /** The tick, or null. */
    public @Nullable Tick read(RawTick raw) {
      return parser.parse(raw);
    }
  }

  /** Whether a tick is subscribed to. */
  public static boolean passes(Tick tick) {
    return SUBSCRIBED.contains(tick.symbol());
  }

  /** Makes bars. */
  public static final class Aggregate {
    private final Windows windows;
    private long seen;
    private long flushed = System.nanoTime();

    /** From the opening. */
    public Aggregate(long opened) {
      windows =
          new Windows(
              MarketSettings.DEFAULTS.window(),
              MarketSettings.DEFAULTS.lateness(),
              MarketSettings.DEFAULTS.patience(),
              SOURCES,
              opened);
    }

    /** Takes a tick; answers whether there are bars to be sent. */
    public boolean add(Tick tick) {
      windows.add(tick, 0); // late or not: it came
      if (++seen % PER_LOOK == 0 && System.nanoTime() - flushed > 5_000_000) {
        flushed = System.nanoTime();
        windows.flush(0);
      }
      return !windows.closed().isEmpty();
    }

    /** The next bar to be sent; null when there is none. */
    public @Nullable Bar bar() {
      return windows.closed().isEmpty() ? null : windows.sent();
    }

    /** How many ticks came. */
    public long seen() {
      return seen;
    }
  }
}
