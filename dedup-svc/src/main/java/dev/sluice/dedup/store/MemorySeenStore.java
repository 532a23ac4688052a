package dev.sluice.dedup.store;

import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps seen keys in this process's memory: a map to find them, and a heap of the same entries in
 * the order in which their windows end.
 *
 * <p>An entry whose window has ended is as good as none, swept or not. When its key comes again
 * before the sweep does, the entry begins a new window and stays where it is in the heap, which
 * then knows an end that is too early; the sweep that finds it there puts it back at its new end.
 */
public final class MemorySeenStore implements SeenStore {
  private static final long SWEEP_EVERY = Duration.ofSeconds(1).toNanos();

  /** How many entries go in one sweep: more than a batch brings, about a millisecond's work. */
  static final int SWEEP_MOST = 1_000;

  private final int max;
  private final Map<Fingerprint, Entry> entries = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final ExpiryHeap<Entry> byEnd = new ExpiryHeap<>();

  /**
   * @param max the most keys to keep
   */
  public MemorySeenStore(int max) {
    this.max = max;
  }

  @Override
  public void submit(SeenOperation operation, long now, Consumer<? super SeenOutcome> answer) {
    answer.accept(
        switch (operation) {
          case SeenOperation.See(SeenKey key, long ttl, boolean extend) ->
              see(key, ttl, extend, now);
          case SeenOperation.Peek(SeenKey key) -> peek(key, now);
          case SeenOperation.Forget(SeenKey key) -> forget(key, now);
          case SeenOperation.Count(String namespace) ->
              new SeenOutcome.Counted(counts.getOrDefault(namespace, 0L));
        });
  }

  @Override
  public long sweep(long now) {
    for (int swept = 0; swept < SWEEP_MOST && isDue(now); swept++) {
      sweepFirst(now);
    }
    return isDue(now) ? 0 : entries.isEmpty() ? Long.MAX_VALUE : SWEEP_EVERY;
  }

  /** How many keys it keeps, with those that are not swept yet. */
  public int size() {
    return entries.size();
  }

  private SeenOutcome see(SeenKey key, long ttl, boolean extend, long now) {
    Entry entry = entries.get(key.fingerprint());
    if (entry == null) {
      makeRoom(now);
      if (entries.size() >= max) {
        return new SeenOutcome.Failed(
            new StoreFailure.Full(
                "all " + max + " entries of this shard are in use",
                Duration.ofNanos(byEnd.firstEnd() - now)));
      }
      entry = new Entry(key);
      entry.begin(ttl, now);
      entries.put(key.fingerprint(), entry);
      counts.merge(key.namespace(), 1L, Long::sum);
      byEnd.add(entry, entry.end);
    } else if (entry.hasEnded(now)) {
      entry.begin(ttl, now);
    } else if (extend) {
      entry.end = Math.max(entry.end, now + ttl);
    }
    entry.times++;
    return entry.seen();
  }

  private SeenOutcome peek(SeenKey key, long now) {
    Entry entry = entries.get(key.fingerprint());
    return entry == null || entry.hasEnded(now) ? new SeenOutcome.Unknown() : entry.seen();
  }

  private SeenOutcome forget(SeenKey key, long now) {
    Entry entry = entries.get(key.fingerprint());
    if (entry == null || entry.hasEnded(now)) {
      return new SeenOutcome.Unknown();
    }
    entry.end = now; // the heap's next look at it takes it out
    return new SeenOutcome.Forgotten();
  }

  private void makeRoom(long now) {
    while (entries.size() >= max && isDue(now)) {
      sweepFirst(now);
    }
  }

  private boolean isDue(long now) {
    return !byEnd.isEmpty() && byEnd.firstEnd() <= now;
  }

  private void sweepFirst(long now) {
    Entry first = byEnd.removeFirst();
    if (first.hasEnded(now)) {
      entries.remove(first.key.fingerprint());
      counts.computeIfPresent(first.key.namespace(), (_, count) -> count == 1 ? null : count - 1);
    } else {
      byEnd.add(first, first.end);
    }
  }

  /** A key and its present window. */
  private static final class Entry {
    final SeenKey key;

    /** The first nanosecond after the window. */
    long end;

    private long firstSeenAt;
    private long times;

    Entry(SeenKey key) {
      this.key = key;
    }

    void begin(long ttl, long now) {
      end = now + ttl;
      firstSeenAt = now;
      times = 0;
    }

    boolean hasEnded(long now) {
      return end <= now;
    }

    SeenOutcome.Seen seen() {
      return new SeenOutcome.Seen(times, firstSeenAt, end);
    }
  }
}
