package dev.sluice.market;

import dev.sluice.csp.patterns.RateLimit;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a pipeline is built.
 *
 * @param subscribed the symbols that pass the filter at first; null for all, whichever there are
 * @param capacity how many ticks may wait in a stage's input, 1 to 1,048,576
 * @param normalisers how many processes normalise, 1 to 64; each source is one's alone, so that its
 *     ticks stay in their order
 * @param window the length of a bar, 10 ms to a day
 * @param lateness how long a window is kept open after its end for ticks that come out of order,
 *     zero to a minute
 * @param patience how long the windows wait for a source of which nothing comes, 1 ms to a minute
 * @param slice of the market's time, 1 ms to 1 s ({@link dev.sluice.market.source.MarketClock})
 * @param paced whether the market's time passes as fast as that of the day; else as fast as the
 *     pipeline can
 * @param cap of each source, at ingest
 * @param breaker of each source, at ingest
 */
public record MarketSettings(
    @Nullable Set<String> subscribed,
    int capacity,
    int normalisers,
    Duration window,
    Duration lateness,
    Duration patience,
    Duration slice,
    boolean paced,
    RateLimit cap,
    BreakerSettings breaker) {

  /** All symbols, bars of a second, 200,000 ticks a second of each source. */
  public static final MarketSettings DEFAULTS =
      new MarketSettings(
          null,
          1_024,
          2,
          Duration.ofSeconds(1),
          Duration.ofMillis(5),
          Duration.ofSeconds(1),
          Duration.ofMillis(2),
          true,
          new RateLimit(200_000, Duration.ofSeconds(1), 20_000),
          BreakerSettings.DEFAULTS);

  /** Checks them. */
  public MarketSettings {
    subscribed = subscribed == null ? null : Set.copyOf(subscribed);
    require("capacity", capacity, 1, 1 << 20);
    require("normalisers", normalisers, 1, 64);
    require("window", window, Duration.ofMillis(10), Duration.ofDays(1));
    require("lateness", lateness, Duration.ZERO, Duration.ofMinutes(1));
    require("patience", patience, Duration.ofMillis(1), Duration.ofMinutes(1));
    require("slice", slice, Duration.ofMillis(1), Duration.ofSeconds(1));
  }

  private static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be " + least + " to " + most);
    }
  }

  static void require(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be " + least + " to " + most);
    }
  }

  /**
   * When a source is isolated, and for how long.
   *
   * @param window within which its ticks are counted, 10 ms to a minute
   * @param minimum how many bad ones there must be within it at least, 1 to 1,000,000; a source is
   *     isolated when these are half of its ticks or more: those that are garbage of those that
   *     were read, or those above the cap of those that it sent
   * @param pause for how long it is isolated the first time, 1 ms to an hour; each time that it is
   *     isolated again soon after, twice as long as before
   * @param longest pause, at least {@code pause}, at most a day
   * @param probes how many ticks pass then; when all can be read it is closed again, else isolated
   */
  public record BreakerSettings(
      Duration window, int minimum, Duration pause, Duration longest, int probes) {

    /** Half of the ticks of 500 ms, at least 20; 1 s to 30 s; 20 probes. */
    public static final BreakerSettings DEFAULTS =
        new BreakerSettings(
            Duration.ofMillis(500), 20, Duration.ofSeconds(1), Duration.ofSeconds(30), 20);

    /** Checks them. */
    public BreakerSettings {
      MarketSettings.require("window", window, Duration.ofMillis(10), Duration.ofMinutes(1));
      MarketSettings.require("minimum", minimum, 1, 1_000_000);
      MarketSettings.require("pause", pause, Duration.ofMillis(1), Duration.ofHours(1));
      MarketSettings.require("longest", longest, pause, Duration.ofDays(1));
      MarketSettings.require("probes", probes, 1, 1_000_000);
    }
  }
}
