package dev.sluice.dedup.store;

import dev.sluice.store.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * Seen keys in arrays of primitives: some 60 bytes each, and its text where that is kept. The
 * entries have the numbers 0 to {@code size - 1}: the last one gets the number of one that is
 * removed, so that what is kept is dense and its memory is given back.
 *
 * <pre>
 *   fingerprint --&gt; PrintIndex --&gt; number --&gt; high | low | firstSeenAt | namespace, times
 *                                         --&gt; EndHeap: end
 * </pre>
 */
final class SeenTable implements PrintIndex.Entries {
  /** The most keys there can be: as many as there may be namespaces. */
  static final int LARGEST = 1 << 28;

  /** How often a key is counted; it is seen so often for ever after. */
  static final long MOST_TIMES = (1L << 36) - 1;

  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int FIRST_SEEN_AT = 2;
  private static final int TIMES = 3; // and above them the namespace
  private static final int WORDS = 4;
  private static final int TIMES_BITS = 36;

  private final Chunks<long[]> words = new Chunks<>(() -> new long[Chunks.LENGTH]);
  private final @Nullable Chunks<@Nullable String[]> keys;
  private final PrintIndex index = new PrintIndex(this);
  private final EndHeap heap = new EndHeap();
  private final Namespaces namespaces = new Namespaces();

  SeenTable(KeyForm form) {
    this.keys =
        switch (form) {
          case HASHED -> null;
          case VERBATIM -> new Chunks<>(() -> new String[Chunks.LENGTH]);
        };
  }

  int size() {
    return heap.size();
  }

  /** How many keys a namespace has. */
  int count(String namespace) {
    return namespaces.keys(namespace);
  }

  /** The number of a key; -1 when it is not there. */
  int find(SeenKey key) {
    return index.find(
        key.fingerprint(),
        keys == null ? PrintIndex.Sameness.BY_PRINT : entry -> isVerbatim(keys, entry, key));
  }

  private boolean isVerbatim(Chunks<@Nullable String[]> keys, int entry, SeenKey key) {
    return key.key().equals(keys.of(entry)[Chunks.in(entry)])
        && namespaces.is((int) (word(entry, TIMES) >>> TIMES_BITS), key.namespace());
  }

  /** Adds a key that is not there; its number is {@code size() - 1}. */
  void add(SeenKey key, long firstSeenAt, long end, long times) {
    int entry = size();
    words.fit((entry + 1) * WORDS);
    setWord(entry, HIGH, key.fingerprint().high());
    setWord(entry, LOW, key.fingerprint().low());
    setWord(entry, FIRST_SEEN_AT, firstSeenAt);
    setWord(
        entry,
        TIMES,
        ((long) namespaces.add(key.namespace()) << TIMES_BITS) | Math.min(times, MOST_TIMES));
    if (keys != null) {
      keys.fit(entry + 1);
      keys.of(entry)[Chunks.in(entry)] = key.key();
    }
    heap.add(end);
    index.add(entry);
  }

  /** Forgets a key; the last one gets its number. */
  void remove(int entry) {
    int last = size() - 1;
    index.remove(entry);
    namespaces.remove((int) (word(entry, TIMES) >>> TIMES_BITS));
    heap.remove(entry);
    if (entry != last) {
      index.renumber(last, entry);
      for (int word = 0; word < WORDS; word++) {
        setWord(entry, word, word(last, word));
      }
    }
    words.fit(last * WORDS);
    if (keys != null) {
      keys.of(entry)[Chunks.in(entry)] = keys.of(last)[Chunks.in(last)];
      keys.of(last)[Chunks.in(last)] = null;
      keys.fit(last);
    }
  }

  /** The soonest to end; there must be one. */
  int first() {
    return heap.first();
  }

  Fingerprint print(int entry) {
    return new Fingerprint(high(entry), low(entry));
  }

  long end(int entry) {
    return heap.end(entry);
  }

  void setEnd(int entry, long end) {
    heap.change(entry, end);
  }

  long firstSeenAt(int entry) {
    return word(entry, FIRST_SEEN_AT);
  }

  void setFirstSeenAt(int entry, long at) {
    setWord(entry, FIRST_SEEN_AT, at);
  }

  long times(int entry) {
    return word(entry, TIMES) & MOST_TIMES;
  }

  void setTimes(int entry, long times) {
    setWord(entry, TIMES, (word(entry, TIMES) & ~MOST_TIMES) | Math.min(times, MOST_TIMES));
  }

  @Override
  public long high(int entry) {
    return word(entry, HIGH);
  }

  @Override
  public long low(int entry) {
    return word(entry, LOW);
  }

  /** How many bytes its arrays have; without namespaces and the keys' texts. */
  long bytes() {
    return words.room() * Long.BYTES
        + index.bytes()
        + heap.bytes()
        + (keys == null ? 0 : keys.room() * Integer.BYTES);
  }

  private long word(int entry, int word) {
    int at = entry * WORDS + word;
    return words.of(at)[Chunks.in(at)];
  }

  private void setWord(int entry, int word, long value) {
    int at = entry * WORDS + word;
    words.of(at)[Chunks.in(at)] = value;
  }
}
