package dev.sluice.dedup.store;

import dev.sluice.store.Fingerprint;
import java.util.Arrays;

/**
 * Finds the numbers of entries by their fingerprints: a hash table of numbers that grows and
 * shrinks by one small segment at a time, so that no single operation takes long.
 *
 * <p>It is extendible hashing. A directory of 2^d references is indexed by the first d bits of a
 * fingerprint; several of them may be to the same segment, which then cares for all fingerprints
 * with those first bits that they have in common. A segment that is full is split by its next bit;
 * two that have become nearly empty and differ in their last bit only are merged.
 *
 * <pre>
 *   directory   00 --&gt; segment 0   (first bit 0: both references)
 *               01 -/
 *               10 --&gt; segment 10
 *               11 --&gt; segment 11
 * </pre>
 *
 * <p>Within a segment numbers are found by linear probing, and removed by moving up those behind,
 * so there are no tombstones. The fingerprints themselves stand with the entries.
 *
 * @see <a href="https://doi.org/10.1145/320083.320092">Fagin, Nievergelt, Pippenger, Strong:
 *     Extendible Hashing, a Fast Access Method for Dynamic Files</a>
 */
final class PrintIndex {
  private static final int SLOTS = 1 << 10;
  private static final int MOST = SLOTS * 4 / 5;
  private static final int MERGE_BELOW = SLOTS / 3;
  private static final int DEEPEST = 24;

  /** The entries whose numbers are kept. */
  interface Entries {
    /** The first half of the entry's fingerprint. */
    long high(int entry);

    /** The second half. */
    long low(int entry);
  }

  /** Whether an entry with the fingerprint sought is the one sought. */
  @FunctionalInterface
  interface Sameness {
    /** The fingerprint says it all. */
    Sameness BY_PRINT = _ -> true;

    boolean isSought(int entry);
  }

  private final Entries entries;
  private Segment[] directory = {new Segment(0)};
  private int depth;
  private int segments = 1;
  private int deepest = 1; // how many segments have one reference only

  PrintIndex(Entries entries) {
    this.entries = entries;
  }

  /** The number of the entry; -1 when there is none. */
  int find(Fingerprint print, Sameness same) {
    Segment segment = directory[index(print.high())];
    int slot = home(print.low());
    for (int entry = segment.at(slot); entry >= 0; entry = segment.at(slot)) {
      if (entries.low(entry) == print.low()
          && entries.high(entry) == print.high()
          && same.isSought(entry)) {
        return entry;
      }
      slot = next(slot);
    }
    return -1;
  }

  /** Adds an entry that is not there yet. */
  void add(int entry) {
    int index = index(entries.high(entry));
    while (directory[index].used == MOST && directory[index].depth < DEEPEST) {
      split(index);
      index = index(entries.high(entry));
    }
    directory[index].add(entry);
  }

  /** Removes an entry. */
  void remove(int entry) {
    int index = index(entries.high(entry));
    directory[index].remove(slotOf(entry));
    mergeAt(index);
  }

  /** Says that an entry has another number from now on; it is known by the old one still. */
  void renumber(int entry, int number) {
    int slot = slotOf(entry);
    directory[index(entries.high(entry))].put(slot, number);
  }

  /** How many bytes its arrays have. */
  long bytes() {
    return segments * (long) SLOTS * Integer.BYTES + directory.length * (long) Long.BYTES;
  }

  /** How many segments there are. */
  int segments() {
    return segments;
  }

  private int slotOf(int entry) {
    Segment segment = directory[index(entries.high(entry))];
    int slot = home(entries.low(entry));
    while (segment.at(slot) != entry) {
      slot = next(slot);
    }
    return slot;
  }

  private int index(long high) {
    return depth == 0 ? 0 : (int) (high >>> (Long.SIZE - depth));
  }

  /** The first of the references to the segment. */
  private int first(int index, Segment segment) {
    return index & -(1 << (depth - segment.depth));
  }

  private void split(int at) {
    Segment full = directory[at];
    int index = at;
    if (full.depth == depth) {
      grow();
      index *= 2;
    }
    int first = first(index, full);
    int half = 1 << (depth - full.depth - 1);
    var zero = new Segment(full.depth + 1);
    var one = new Segment(full.depth + 1);
    Arrays.fill(directory, first, first + half, zero);
    Arrays.fill(directory, first + half, first + 2 * half, one);
    moveAll(full);
    segments++;
    deepest += zero.depth == depth ? 2 : 0;
  }

  private void mergeAt(int index) {
    Segment segment = directory[index];
    if (segment.depth == 0 || segment.used >= MERGE_BELOW) {
      return;
    }
    int span = 1 << (depth - segment.depth);
    int first = first(index, segment);
    Segment buddy = directory[first ^ span];
    if (buddy.depth == segment.depth && buddy.used + segment.used < MERGE_BELOW) {
      var merged = new Segment(segment.depth - 1);
      int from = first & -(2 * span);
      Arrays.fill(directory, from, from + 2 * span, merged);
      moveAll(segment);
      moveAll(buddy);
      segments--;
      deepest -= segment.depth == depth ? 2 : 0;
      shrink();
    }
  }

  private void grow() {
    var doubled = new Segment[directory.length * 2];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = directory[i / 2];
    }
    directory = doubled;
    depth++;
    deepest = 0;
  }

  /** Halves the directory while every segment has two references or more. */
  private void shrink() {
    while (deepest == 0 && depth > 0) {
      var half = new Segment[directory.length / 2];
      for (int i = 0; i < half.length; i++) {
        half[i] = directory[2 * i];
      }
      directory = half;
      depth--;
      for (Segment segment : directory) {
        deepest += segment.depth == depth ? 1 : 0;
      }
    }
  }

  private void moveAll(Segment from) {
    for (int slot = 0; slot < SLOTS; slot++) {
      int entry = from.at(slot);
      if (entry >= 0) {
        directory[index(entries.high(entry))].add(entry);
      }
    }
  }

  private static int home(long low) {
    return (int) (low >>> 32) & (SLOTS - 1);
  }

  private static int next(int slot) {
    return (slot + 1) & (SLOTS - 1);
  }

  private static int distance(int from, int to) {
    return (to - from) & (SLOTS - 1);
  }

  /** Some hundred entries whose fingerprints begin with the same {@code depth} bits. */
  private final class Segment {
    final int depth;
    private final int[] numbers = new int[SLOTS]; // plus one; 0 is a free slot
    int used;

    Segment(int depth) {
      this.depth = depth;
    }

    /** -1 when the slot is free. */
    int at(int slot) {
      return numbers[slot] - 1;
    }

    void put(int slot, int number) {
      numbers[slot] = number + 1;
    }

    void add(int entry) {
      int slot = home(entries.low(entry));
      while (at(slot) >= 0) {
        slot = next(slot);
      }
      put(slot, entry);
      used++;
    }

    /** Frees the slot, and moves up those that only stand behind it because it was taken. */
    void remove(int slot) {
      int hole = slot;
      for (int i = next(slot); at(i) >= 0; i = next(i)) {
        if (distance(home(entries.low(at(i))), i) >= distance(hole, i)) {
          put(hole, at(i));
          hole = i;
        }
      }
      put(hole, -1);
      used--;
    }
  }
}
