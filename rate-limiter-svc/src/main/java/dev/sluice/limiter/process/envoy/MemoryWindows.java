package dev.sluice.limiter.process.envoy;

import dev.sluice.csp.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counters in this process's memory. They lie by the window they count in, so that all those of a
 * window that has ended go at once.
 */
public final class MemoryWindows implements WindowCounters {
  private final Clock clock;
  private final int max;
  private final boolean calendarMonths;
  private final Map<Unit.Window, Map<String, Long>> windows = new HashMap<>();
  private int size;

  /**
   * @param max the most counters to keep
   * @param calendarMonths whether a month is the calendar's instead of 30 days
   */
  public MemoryWindows(Clock clock, int max, boolean calendarMonths) {
    this.clock = clock;
    this.max = max;
    this.calendarMonths = calendarMonths;
  }

  @Override
  public CompletionStage<List<Count>> count(List<Hits> hits) {
    Instant now = clock.instant();
    if (size > max - hits.size() && size + missing(hits, now) > max) {
      return CompletableFuture.failedStage(new FullException(max));
    }
    var counts = new ArrayList<Count>(hits.size());
    for (Hits each : hits) {
      Unit.Window window = each.unit().window(now, calendarMonths);
      Map<String, Long> counters = windows.computeIfAbsent(window, _ -> new HashMap<>());
      Long known = counters.get(each.counter());
      long before = known == null ? 0 : known;
      long after = Math.max(0, saturatedSum(before, each.hits()));
      counters.put(each.counter(), after);
      size += known == null ? 1 : 0;
      counts.add(new Count(before, after, Duration.ofSeconds(window.end() - now.getEpochSecond())));
    }
    return CompletableFuture.completedStage(counts);
  }

  @Override
  public void sweep() {
    long now = clock.instant().getEpochSecond();
    windows
        .entrySet()
        .removeIf(entry -> {
          boolean ended = entry.getKey().end() <= now;
          size -= ended ? entry.getValue().size() : 0;
          return ended;
        });
  }

  int size() {
    return size;
  }

  private long missing(List<Hits> hits, Instant now) {
    return hits.stream()
        .filter(each ->
            !windows
                .getOrDefault(each.unit().window(now, calendarMonths), Map.of())
                .containsKey(each.counter()))
        .distinct()
        .count();
  }

  private static long saturatedSum(long count, long hits) {
    long sum = count + hits;
    return hits > 0 && sum < 0 ? Long.MAX_VALUE : sum;
  }
}
