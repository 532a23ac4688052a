package dev.sluice.market.stage;

import dev.sluice.market.model.Bar;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Tick;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The open windows, by the time of the ticks. Plain state that is told the time; owned by one
 * process.
 *
 * <p><b>When a window ends.</b> A source's ticks come in the order of their times, as a rule; so
 * when the slowest of the sources has passed the end of a window by {@code lateness}, nothing more
 * will come for it, and the next {@link #flush} closes it. Not waited for is a source of which two
 * probes came and no tick between them: it has sent none. Nor one of which nothing came for {@code
 * patience}, nor one that is {@value #MAX_BEHIND} windows behind the first: so nobody can stop the
 * others. When all are silent, time goes on by the clock, {@code patience} behind.
 *
 * <p><b>Late and early.</b> A tick is late when its window, or one after it, has been closed. It is
 * early when its window is {@value #MAX_BEHIND} windows, or twice the patience, ahead of what has
 * been flushed, or when {@value #MAX_OPEN} are open and it would open one more. Neither changes
 * anything: a source with a wrong clock loses its own ticks and nobody else's.
 *
 * <p><b>Without a time</b> a tick belongs to the window in which the latest tick is, or, when the
 * sources are silent, in which the clock is.
 */
public final class Windows {
  /** How many windows may be open. */
  public static final int MAX_OPEN = 64;

  /** How many windows a source may be behind the first and still be waited for. */
  public static final int MAX_BEHIND = 16;

  private final long length;
  private final long lateness;
  private final long patience;

  /** How far a source may be ahead of what has been flushed, and behind the first. */
  private final long ahead;

  /** How far flushing has come. */
  private long passed;

  private final TreeMap<Long, Map<String, OpenBar>> open = new TreeMap<>();
  private final Queue<Bar> closed = new ArrayDeque<>();

  /** The end of the last window that was closed: what belongs before it is late. */
  private long closedUntil;

  private long currentStart;
  private @Nullable Map<String, OpenBar> current;

  private final boolean[] isTimed;
  private final long[] latest;
  private final long[] heardAt;

  /** Probes since the last tick. */
  private final int[] probes;

  private boolean anyTimed;
  private long latestOfAll;
  private long latestHeardAt;

  /** For how long the process has waited for ticks, and not they for it: silence is counted so. */
  private long listened;

  private long openTicks;
  private long closedTicks;

  /**
   * No window.
   *
   * @param length of a window
   * @param lateness for how long it is kept open for ticks that come out of order
   * @param patience for how long a silent source is waited for
   * @param sources how many there are
   * @param start no window before that of this instant is opened, in milliseconds since 1970
   */
  public Windows(Duration length, Duration lateness, Duration patience, int sources, long start) {
    this.length = length.toMillis();
    this.lateness = lateness.toMillis();
    this.patience = patience.toNanos();
    this.ahead = Math.max(MAX_BEHIND * this.length, 2 * patience.toMillis());
    this.closedUntil = startOf(start);
    this.passed = closedUntil;
    this.isTimed = new boolean[sources];
    this.latest = new long[sources];
    this.heardAt = new long[sources];
    this.probes = new int[sources];
  }

  /**
   * Takes a tick into its window.
   *
   * @param tick any
   * @param now the time of the day, in milliseconds since 1970
   * @return null when it was taken, else why not
   */
  public @Nullable Loss add(Tick tick, long now) {
    long time = tick.time() == Tick.NO_TIME ? Math.max(time(now), closedUntil) : tick.time();
    long start = startOf(time);
    if (start < closedUntil) {
      return Loss.LATE;
    }
    Map<String, OpenBar> bars = start - Math.max(passed, closedUntil) > ahead ? null : bars(start);
    if (bars == null) {
      return Loss.EARLY;
    }
    OpenBar bar = bars.get(tick.symbol());
    if (bar == null) {
      bars.put(tick.symbol(), new OpenBar(tick, time));
    } else {
      bar.add(tick, time);
    }
    openTicks++;
    if (tick.time() != Tick.NO_TIME) {
      heard(tick.source(), time);
    }
    return null;
  }

  /** Of a window; null when it is not open and no more can be opened. */
  private @Nullable Map<String, OpenBar> bars(long start) {
    if (current == null || currentStart != start) {
      Map<String, OpenBar> other = open.get(start);
      if (other == null) {
        if (open.size() == MAX_OPEN) {
          return null;
        }
        other = new HashMap<>();
        open.put(start, other);
      }
      current = other;
      currentStart = start;
    }
    return current;
  }

  private void heard(int source, long time) {
    if (!isTimed[source] || time > latest[source]) {
      latest[source] = time;
    }
    isTimed[source] = true;
    heardAt[source] = listened;
    probes[source] = 0;
    if (!anyTimed || time >= latestOfAll) {
      anyTimed = true;
      latestOfAll = time;
      latestHeardAt = listened;
    }
  }

  /**
   * A probe has come.
   *
   * @param source the index of the source
   */
  public void probe(int source) {
    probes[source]++;
  }

  /**
   * The process has waited for ticks.
   *
   * @param nanos for how long; without what it was itself waited for
   */
  public void listen(long nanos) {
    listened += nanos;
  }

  /**
   * Closes the windows that have ended.
   *
   * @param now the time of the day, in milliseconds since 1970
   */
  public void flush(long now) {
    long until = startOf(watermark(now));
    passed = Math.max(passed, until);
    while (!open.isEmpty() && open.firstKey() < until) {
      close();
    }
  }

  /** Closes all windows: no tick will come. */
  public void flushAll() {
    while (!open.isEmpty()) {
      close();
    }
  }

  private void close() {
    Map.Entry<Long, Map<String, OpenBar>> first = open.pollFirstEntry();
    long start = first.getKey();
    closedUntil = start + length;
    first.getValue().forEach((symbol, bar) -> closed.add(bar.close(symbol, start)));
    long ticks = first.getValue().values().stream().mapToLong(OpenBar::count).sum();
    openTicks -= ticks;
    closedTicks += ticks;
    current = null;
  }

  /** Before this, all ticks have come. */
  private long watermark(long now) {
    long slowest = Long.MAX_VALUE;
    for (int source = 0; source < latest.length; source++) {
      if (probes[source] < 2 && listened - heardAt[source] < patience) {
        if (!isTimed[source]) {
          return closedUntil; // its first may be on their way
        }
        if (latestOfAll - latest[source] <= ahead) {
          slowest = Math.min(slowest, latest[source]);
        }
      }
    }
    long behind = slowest == Long.MAX_VALUE ? time(now) - patience / 1_000_000 : slowest;
    return behind - lateness;
  }

  /** The time at which the market is: that of the latest tick, and how long it was silent since. */
  private long time(long now) {
    return anyTimed ? latestOfAll + (listened - latestHeardAt) / 1_000_000 : now;
  }

  private long startOf(long time) {
    return Math.floorDiv(time, length) * length;
  }

  /** {@return the bars of closed windows; who takes one has it sent} */
  public Queue<Bar> closed() {
    return closed;
  }

  /**
   * Takes the first of the closed bars away: it has been sent.
   *
   * @return it
   */
  public Bar sent() {
    Bar bar = closed.remove();
    closedTicks -= bar.count();
    return bar;
  }

  /** {@return how many ticks are in windows and in bars that are not sent} */
  public long held() {
    return openTicks + closedTicks;
  }

  private static final class OpenBar {
    private long open;
    private long openTime;
    private long high;
    private long low;
    private long close;
    private long closeTime;
    private long volume;
    private long count;
    private long born;

    OpenBar(Tick tick, long time) {
      open = tick.price();
      openTime = time;
      high = tick.price();
      low = tick.price();
      close = tick.price();
      closeTime = time;
      volume = tick.size();
      count = 1;
      born = tick.born();
    }

    void add(Tick tick, long time) {
      if (time < openTime) {
        open = tick.price();
        openTime = time;
      }
      if (time >= closeTime) {
        close = tick.price();
        closeTime = time;
      }
      high = Math.max(high, tick.price());
      low = Math.min(low, tick.price());
      volume += tick.size();
      count++;
      if (tick.born() - born < 0) {
        born = tick.born();
      }
    }

    long count() {
      return count;
    }

    Bar close(String symbol, long start) {
      return new Bar(symbol, start, open, high, low, close, volume, count, born);
    }
  }
}
