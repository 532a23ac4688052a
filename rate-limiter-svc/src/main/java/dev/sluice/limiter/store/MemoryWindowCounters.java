package dev.sluice.limiter.store;

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
public final class MemoryWindowCounters implements WindowCounters {
  private final int max;
  private final Map<Window, Map<String, Long>> windows = new HashMap<>();
  private int size;

  /**
   * @param max the most counters to keep
   */
  public MemoryWindowCounters(int max) {
    this.max = max;
  }

  @Override
  public CompletionStage<List<Count>> count(List<Hits> hits) {
    if (size > max - hits.size() && size + missing(hits) > max) {
      return CompletableFuture.failedStage(new FullException(max));
    }
    List<Count> counts = new ArrayList<>(hits.size());
    for (Hits each : hits) {
      counts.add(count(each));
    }
    return CompletableFuture.completedStage(counts);
  }

  private Count count(Hits hits) {
    Map<String, Long> counters = windows.computeIfAbsent(hits.window(), _ -> new HashMap<>());
    Long known = counters.get(hits.counter());
    long before = known == null ? 0 : known;
    long after = Math.max(0, saturatedSum(before, hits.hits()));
    counters.put(hits.counter(), after);
    size += known == null ? 1 : 0;
    return new Count(before, after);
  }

  @Override
  public void sweep(long now) {
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

  private long missing(List<Hits> hits) {
    return hits.stream()
        .filter(each -> !windows.getOrDefault(each.window(), Map.of()).containsKey(each.counter()))
        .map(each -> List.of(each.window(), each.counter()))
        .distinct()
        .count();
  }

  private static long saturatedSum(long count, long hits) {
    long sum = count + hits;
    return hits > 0 && sum < 0 ? Long.MAX_VALUE : sum;
  }
}
