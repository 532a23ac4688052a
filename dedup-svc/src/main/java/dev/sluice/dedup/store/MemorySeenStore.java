package dev.sluice.dedup.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps seen keys in this process's memory: a map to find them, and a heap of the same entries in
 * the order in which their windows end.
 *
 * <p>An entry whose window has ended is as good as none, swept or not. When its key comes again
 * before the sweep does, the entry begins a new window and stays where it is in the heap, which
 * then knows an end that is too early; the sweep that finds it there puts it back at its new end.
 */
public final class MemorySeenStore implements SeenStore {
  private final int max;
  private final Map<SeenKey, Entry> entries = new HashMap<>();
  private final ExpiryHeap<Entry> byEnd = new ExpiryHeap<>();

  /**
   * @param max the most keys to keep
   */
  public MemorySeenStore(int max) {
    this.max = max;
  }

  @Override
  public Seen see(SeenKey key, Duration ttl, long now, Instant at) {
    Entry entry = entries.get(key);
    if (entry == null) {
      requireRoom(now);
      entry = new Entry(key);
      entry.begin(ttl, now, at);
      entries.put(key, entry);
      byEnd.add(entry, entry.end);
    } else if (entry.hasEnded(now)) {
      entry.begin(ttl, now, at);
    }
    return entry.seeOnce();
  }

  @Override
  public boolean sweep(long now, int most) {
    for (int swept = 0; swept < most && isDue(now); swept++) {
      sweepFirst(now);
    }
    return isDue(now);
  }

  @Override
  public int size() {
    return entries.size();
  }

  private void requireRoom(long now) {
    while (entries.size() >= max && isDue(now)) {
      sweepFirst(now);
    }
    if (entries.size() >= max) {
      throw new StoreFullException(max, Duration.ofNanos(byEnd.firstEnd() - now));
    }
  }

  private boolean isDue(long now) {
    return !byEnd.isEmpty() && byEnd.firstEnd() - now <= 0;
  }

  private void sweepFirst(long now) {
    Entry first = byEnd.removeFirst();
    if (first.hasEnded(now)) {
      entries.remove(first.key);
    } else {
      byEnd.add(first, first.end);
    }
  }

  /** A key and its present window. */
  private static final class Entry {
    final SeenKey key;

    /** The first nanosecond after the window. */
    long end;

    private long ttl;
    private Instant firstSeenAt = Instant.EPOCH;
    private long times;

    Entry(SeenKey key) {
      this.key = key;
    }

    void begin(Duration window, long now, Instant at) {
      ttl = window.toNanos();
      end = now + ttl;
      firstSeenAt = at;
      times = 0;
    }

    boolean hasEnded(long now) {
      return end - now <= 0;
    }

    Seen seeOnce() {
      times++;
      return new Seen(times, firstSeenAt, firstSeenAt.plusNanos(ttl));
    }
  }
}
