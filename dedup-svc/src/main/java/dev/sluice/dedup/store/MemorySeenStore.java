package dev.sluice.dedup.store;

import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps seen keys in this process's memory, some 60 bytes each, in the order in which their windows
 * end. A key whose window has ended is as good as none, swept or not.
 */
public final class MemorySeenStore implements SeenStore {
  /** The most keys that one store can keep. */
  public static final int LARGEST = SeenTable.LARGEST;

  private static final SeenOutcome UNKNOWN = new SeenOutcome.Unknown();
  private static final SeenOutcome FORGOTTEN = new SeenOutcome.Forgotten();
  private static final long SWEEP_EVERY = Duration.ofSeconds(1).toNanos();

  /** How many entries go in one sweep: about a millisecond's work. */
  static final int SWEEP_MOST = 500;

  /** How many go for each that comes, so that those that have ended never pile up. */
  private static final int SWEEP_FOR_ONE = 2;

  /** Is told of every key that is evicted, before it is. */
  @FunctionalInterface
  public interface Evictions {
    /**
     * A key is forgotten within its window.
     *
     * @param print stands for it
     * @param end when its window would have ended, in nanoseconds since 1970
     */
    void evicting(Fingerprint print, long end);
  }

  private final int max;
  private final WhenFull whenFull;
  private final Evictions evictions;
  private final SeenTable table;
  private long evicted;

  /**
   * Keeps keys {@link KeyForm#HASHED}, and when it is full refuses new ones.
   *
   * @param max the most keys to keep, up to {@link #LARGEST}
   */
  public MemorySeenStore(int max) {
    this(max, KeyForm.HASHED, WhenFull.REFUSE);
  }

  /**
   * @param max the most keys to keep, up to {@link #LARGEST}
   */
  public MemorySeenStore(int max, KeyForm keys, WhenFull whenFull) {
    this(max, keys, whenFull, (_, _) -> {});
  }

  /**
   * @param max the most keys to keep, up to {@link #LARGEST}
   * @param evictions told of every key that is evicted, before it is
   */
  public MemorySeenStore(int max, KeyForm keys, WhenFull whenFull, Evictions evictions) {
    if (max < 1 || max > LARGEST) {
      throw new IllegalArgumentException("max is " + max + ", must be 1 to " + LARGEST);
    }
    this.max = max;
    this.whenFull = whenFull;
    this.evictions = evictions;
    this.table = new SeenTable(keys);
  }

  @Override
  public void submit(SeenOperation operation, long now, Consumer<? super SeenOutcome> answer) {
    answer.accept(
        switch (operation) {
          case SeenOperation.See see -> see(see, now);
          case SeenOperation.Peek(SeenKey key) -> peek(key, now);
          case SeenOperation.Forget(SeenKey key) -> forget(key, now);
          case SeenOperation.Count(String namespace) -> count(namespace);
        });
  }

  /**
   * Sees a key: {@link SeenOutcome.Seen}, or that it is full.
   *
   * @param now nanoseconds since 1970
   */
  public SeenOutcome see(SeenOperation.See see, long now) {
    int entry = table.find(see.key());
    if (entry < 0) {
      return seeFirst(see, now);
    }
    if (table.end(entry) <= now) {
      table.setEnd(entry, later(now, see.ttl()));
      table.setFirstSeenAt(entry, now);
      table.setTimes(entry, 1);
    } else {
      if (see.extend() && later(now, see.ttl()) > table.end(entry)) {
        table.setEnd(entry, later(now, see.ttl()));
      }
      table.setTimes(entry, table.times(entry) + 1);
    }
    return seen(entry);
  }

  /**
   * What is known of a key: {@link SeenOutcome.Seen} or {@link SeenOutcome.Unknown}.
   *
   * @param now nanoseconds since 1970
   */
  public SeenOutcome peek(SeenKey key, long now) {
    int entry = table.find(key);
    return entry < 0 || table.end(entry) <= now ? UNKNOWN : seen(entry);
  }

  /**
   * Ends a key's window: {@link SeenOutcome.Forgotten} or {@link SeenOutcome.Unknown}.
   *
   * @param now nanoseconds since 1970
   */
  public SeenOutcome forget(SeenKey key, long now) {
    int entry = table.find(key);
    if (entry < 0) {
      return UNKNOWN;
    }
    boolean ended = table.end(entry) <= now;
    table.remove(entry);
    return ended ? UNKNOWN : FORGOTTEN;
  }

  /** How many keys of a namespace it keeps. */
  public SeenOutcome.Counted count(String namespace) {
    return new SeenOutcome.Counted(table.count(namespace));
  }

  /**
   * Puts back what was known of a key, whether there is room or not: what was seen is not forgotten
   * because fewer keys are allowed now.
   *
   * @param key one that it does not know; its text is not looked at where keys are hashed
   * @param firstSeenAt when its window began, in nanoseconds since 1970
   * @param end when it ends, likewise
   * @param times how often it was seen
   */
  public void restore(SeenKey key, long firstSeenAt, long end, long times) {
    table.add(key, firstSeenAt, end, times);
  }

  @Override
  public long sweep(long now) {
    removeDue(now, SWEEP_MOST);
    return isDue(now) ? 0 : size() == 0 ? Long.MAX_VALUE : SWEEP_EVERY;
  }

  @Override
  public Optional<SeenContents> contents() {
    return Optional.of(new SeenContents(size(), evicted));
  }

  /** How many keys it keeps, with those that are not swept yet. */
  public int size() {
    return table.size();
  }

  /** How many bytes its arrays have. */
  long bytes() {
    return table.bytes();
  }

  private SeenOutcome seeFirst(SeenOperation.See see, long now) {
    removeDue(now, SWEEP_FOR_ONE + excess());
    if (isDue(now)) {
      return open(see, now); // in place of those that went, which were more than one
    }
    if (whenFull == WhenFull.EVICT && size() >= max) {
      evict(1 + excess());
    }
    if ((size() >= max && whenFull == WhenFull.REFUSE) || size() == LARGEST) {
      return new SeenOutcome.Failed(
          new StoreFailure.Full(
              "all " + max + " entries of this shard are in use",
              Duration.ofNanos(table.end(table.first()) - now)));
    }
    return open(see, now);
  }

  private SeenOutcome.Seen open(SeenOperation.See see, long now) {
    long end = later(now, see.ttl());
    table.add(see.key(), now, end, 1);
    return new SeenOutcome.Seen(1, now, end);
  }

  private void removeDue(long now, int most) {
    for (int i = 0; i < most && isDue(now); i++) {
      table.remove(table.first());
    }
  }

  private void evict(int count) {
    for (int i = 0; i < count; i++) {
      int first = table.first();
      evictions.evicting(table.print(first), table.end(first));
      table.remove(first);
      evicted++;
    }
  }

  /** How many more were restored than are allowed; a bounded number, as it is work for one call. */
  private int excess() {
    return Math.clamp(size() - (long) max, 0, SWEEP_MOST);
  }

  private boolean isDue(long now) {
    return size() > 0 && table.end(table.first()) <= now;
  }

  private SeenOutcome.Seen seen(int entry) {
    return new SeenOutcome.Seen(table.times(entry), table.firstSeenAt(entry), table.end(entry));
  }

  /** As late as can be said at most. */
  private static long later(long now, long ttl) {
    return now + ttl < now ? Long.MAX_VALUE : now + ttl;
  }
}
