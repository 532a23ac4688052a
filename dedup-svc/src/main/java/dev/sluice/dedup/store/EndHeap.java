package dev.sluice.dedup.store;

/**
 * What ends when: a heap of entries with the soonest to end on top. An entry is a number from 0 to
 * {@code size - 1}.
 *
 * <p>Each node has four children, which stand side by side: those that are compared lie in one
 * cache line, and the ends stand in the heap, so that no entry is touched on the way. The root is
 * at 3 and the children of {@code i} are at {@code 4 (i - 2)} and behind, so that they are never in
 * two chunks. It is known of each entry where it is, so its end can be changed at once.
 *
 * @see <a href="https://doi.org/10.1145/244851.244857">LaMarca, Ladner: The Influence of Caches on
 *     the Performance of Heaps</a>
 */
final class EndHeap {
  private static final int ROOT = 3;

  private final Chunks<long[]> ends = new Chunks<>(() -> new long[Chunks.LENGTH]);
  private final Chunks<int[]> entries = new Chunks<>(() -> new int[Chunks.LENGTH]);
  private final Chunks<int[]> places = new Chunks<>(() -> new int[Chunks.LENGTH]);
  private int size;

  int size() {
    return size;
  }

  /** When an entry ends. */
  long end(int entry) {
    return endAt(place(entry));
  }

  /** The soonest to end; there must be one. */
  int first() {
    return entryAt(ROOT);
  }

  /** Adds the entry {@code size()}. */
  void add(long end) {
    int entry = size++;
    fit();
    rise(ROOT + entry, entry, end);
  }

  /** Changes when an entry ends. */
  void change(int entry, long end) {
    settle(place(entry), entry, end);
  }

  /** Removes an entry; the last one gets its number. */
  void remove(int entry) {
    int last = size - 1;
    int hole = place(entry);
    int bottom = ROOT + last;
    size--;
    if (hole != bottom) {
      settle(hole, entryAt(bottom), endAt(bottom));
    }
    if (entry != last) {
      put(place(last), entry, end(last));
    }
    fit();
  }

  /** How many bytes its arrays have. */
  long bytes() {
    return ends.room() * Long.BYTES + (entries.room() + places.room()) * Integer.BYTES;
  }

  private void settle(int hole, int entry, long end) {
    if (hole > ROOT && end < endAt(parent(hole))) {
      rise(hole, entry, end);
    } else {
      sink(hole, entry, end);
    }
  }

  private void rise(int hole, int entry, long end) {
    int place = hole;
    while (place > ROOT && end < endAt(parent(place))) {
      move(parent(place), place);
      place = parent(place);
    }
    put(place, entry, end);
  }

  private void sink(int hole, int entry, long end) {
    int place = hole;
    int child = soonestChild(place);
    while (child != 0 && endAt(child) < end) {
      move(child, place);
      place = child;
      child = soonestChild(place);
    }
    put(place, entry, end);
  }

  /** 0 when there is none. */
  private int soonestChild(int place) {
    int bound = ROOT + size;
    int first = 4 * (place - 2);
    if (first >= bound) {
      return 0;
    }
    long[] chunk = ends.of(first);
    int in = Chunks.in(first);
    int soonest = 0;
    for (int i = 1; i < Math.min(4, bound - first); i++) {
      if (chunk[in + i] < chunk[in + soonest]) {
        soonest = i;
      }
    }
    return first + soonest;
  }

  private static int parent(int place) {
    return place / 4 + 2;
  }

  private void move(int from, int to) {
    put(to, entryAt(from), endAt(from));
  }

  private void put(int place, int entry, long end) {
    int in = Chunks.in(place);
    ends.of(place)[in] = end;
    entries.of(place)[in] = entry;
    places.of(entry)[Chunks.in(entry)] = place;
  }

  private long endAt(int place) {
    return ends.of(place)[Chunks.in(place)];
  }

  private int entryAt(int place) {
    return entries.of(place)[Chunks.in(place)];
  }

  private int place(int entry) {
    return places.of(entry)[Chunks.in(entry)];
  }

  private void fit() {
    ends.fit(ROOT + size);
    entries.fit(ROOT + size);
    places.fit(size);
  }
}
