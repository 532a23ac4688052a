package dev.sluice.limiter.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Counters in this process's memory. They lie by the window they count in, so that all those of a
 * window that has ended go at once.
 */
public final class MemoryWindowCounters implements WindowCounters {
  private static final long SWEEP_EVERY = Duration.ofSeconds(1).toNanos();

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
  public void submit(List<Hits> hits, long now, Consumer<? super Answer> answer) {
    answer.accept(
        size > max - hits.size() && size + missing(hits) > max
            ? new Outcome.Full("all " + max + " counters are in use")
            : new Counted(hits.stream().map(this::count).toList()));
  }

  private Count count(Hits hits) {
    Map<String, Long> counters = windows.computeIfAbsent(hits.window(), _ -> new HashMap<>());
    Long known = counters.get(hits.counter());
    long before = known == null ? 0 : known;
    long after = Math.clamp(before + Math.clamp(hits.hits(), -MOST, MOST), 0, MOST);
    counters.put(hits.counter(), after);
    size += known == null ? 1 : 0;
    return new Count(before, after);
  }

  @Override
  public long sweep(long now, Instant instant) {
    windows
        .entrySet()
        .removeIf(entry -> {
          boolean ended = entry.getKey().end() <= instant.getEpochSecond();
          size -= ended ? entry.getValue().size() : 0;
          return ended;
        });
    return SWEEP_EVERY;
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
}
