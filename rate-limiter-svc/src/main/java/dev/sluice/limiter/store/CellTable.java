package dev.sluice.limiter.store;

import dev.sluice.store.Fingerprint;
import java.util.Arrays;

/**
 * Millions of cells in arrays of primitives: a hash table that grows, shrinks and is swept by one
 * small segment at a time, so that no single operation takes long.
 *
 * <p>It is extendible hashing. A directory of 2^d references is indexed by the first d bits of a
 * fingerprint; several of them may be to the same segment, which then cares for all fingerprints
 * with those first bits that they have in common. A segment that is full is split by its next bit;
 * two that have become nearly empty and differ in their last bit only are merged.
 *
 * <pre>
 *   directory   00 --> segment 0   (first bit 0: both references)
 *               01 -/
 *               10 --> segment 10
 *               11 --> segment 11
 * </pre>
 *
 * <p>Within a segment fingerprints are found by linear probing, and removed by moving up those
 * behind, so there are no tombstones.
 *
 * @see <a href="https://doi.org/10.1145/320083.320092">Fagin, Nievergelt, Pippenger, Strong:
 *     Extendible Hashing, a Fast Access Method for Dynamic Files</a>
 */
final class CellTable {
  private static final int SLOTS = 1 << 10;
  private static final int MOST = SLOTS * 4 / 5;
  private static final int MERGE_BELOW = SLOTS / 3;
  private static final int DEEPEST = 24;

  private final int counts;
  private Segment[] directory;
  private int depth;
  private long size;
  private int swept;

  /**
   * @param counts how many counts each cell has
   */
  CellTable(int counts) {
    this.counts = counts;
    this.directory = new Segment[] {new Segment(counts, 0)};
  }

  /** How many cells there are. */
  long size() {
    return size;
  }

  /** How many segments there are room for: what a whole sweep looks at. */
  int segments() {
    return directory.length;
  }

  /**
   * Reads the fingerprint's cell.
   *
   * @return false when there is none; the cell is then untouched
   */
  boolean read(Fingerprint print, Cell cell) {
    Segment segment = directory[index(print.high())];
    int slot = segment.find(print.high(), print.low());
    if (segment.isFree(slot)) {
      return false;
    }
    segment.read(slot, cell);
    return true;
  }

  /** Writes the fingerprint's cell, a new one if there is none. */
  void write(Fingerprint print, Cell cell) {
    write(print.high(), print.low(), cell);
  }

  /** Removes the fingerprint's cell, if there is one. */
  void remove(Fingerprint print) {
    Segment segment = directory[index(print.high())];
    int slot = segment.find(print.high(), print.low());
    if (!segment.isFree(slot)) {
      segment.remove(slot);
      size--;
    }
  }

  /** Forgets the cells of the fingerprint's segment that are the same as none at an instant. */
  void sweepAround(Fingerprint print, long now) {
    sweep(index(print.high()), now);
  }

  /** Forgets the cells of the next few segments that are the same as none at an instant. */
  void sweepNext(int count, long now) {
    for (int i = 0; i < count; i++) {
      swept = (swept + 1) & (directory.length - 1);
      sweep(swept, now);
      mergeAt(swept);
    }
    if (swept < count) {
      halve();
    }
  }

  /** Shows every cell, in no particular order. */
  <X extends Exception> void forEach(Visitor<X> visitor) throws X {
    var cell = new Cell(counts);
    for (int i = 0; i < directory.length; i++) {
      Segment segment = directory[i];
      if (i == first(i, segment)) {
        for (int slot = 0; slot < SLOTS; slot++) {
          if (!segment.isFree(slot)) {
            segment.read(slot, cell);
            visitor.visit(segment.high(slot), segment.low(slot), cell);
          }
        }
      }
    }
  }

  /** Sees cells. */
  @FunctionalInterface
  interface Visitor<X extends Exception> {
    /**
     * @param cell to be read before the call returns
     */
    void visit(long high, long low, Cell cell) throws X;
  }

  void write(long high, long low, Cell cell) {
    int index = index(high);
    Segment segment = directory[index];
    int slot = segment.find(high, low);
    if (segment.isFree(slot)) {
      if (segment.used == MOST && segment.depth < DEEPEST) {
        split(index);
        write(high, low, cell);
        return;
      }
      segment.claim(slot, high, low);
      size++;
    }
    segment.write(slot, cell);
  }

  private int index(long high) {
    return depth == 0 ? 0 : (int) (high >>> (Long.SIZE - depth));
  }

  private void sweep(int index, long now) {
    size -= directory[index].sweep(now);
  }

  /** The first of the references to the segment. */
  private int first(int index, Segment segment) {
    return index & -(1 << (depth - segment.depth));
  }

  private void split(int index) {
    Segment full = directory[index];
    if (full.depth == depth) {
      directory = doubled(directory);
      depth++;
      index *= 2;
    }
    int first = first(index, full);
    int half = 1 << (depth - full.depth - 1);
    var zero = new Segment(counts, full.depth + 1);
    var one = new Segment(counts, full.depth + 1);
    Arrays.fill(directory, first, first + half, zero);
    Arrays.fill(directory, first + half, first + 2 * half, one);
    moveAll(full);
  }

  private void mergeAt(int index) {
    Segment segment = directory[index];
    if (segment.depth == 0) {
      return;
    }
    int span = 1 << (depth - segment.depth);
    int first = first(index, segment);
    Segment buddy = directory[first ^ span];
    if (buddy.depth == segment.depth && buddy.used + segment.used < MERGE_BELOW) {
      var merged = new Segment(counts, segment.depth - 1);
      int from = first & -(2 * span);
      Arrays.fill(directory, from, from + 2 * span, merged);
      moveAll(segment);
      moveAll(buddy);
    }
  }

  /** Halves the directory when every segment has two references or more. */
  private void halve() {
    for (Segment segment : directory) {
      if (segment.depth == depth) {
        return;
      }
    }
    var half = new Segment[directory.length / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] = directory[2 * i];
    }
    directory = half;
    depth--;
    swept = 0;
  }

  private void moveAll(Segment from) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (!from.isFree(slot)) {
        Segment to = directory[index(from.high(slot))];
        to.claim(to.find(from.high(slot), from.low(slot)), from, slot);
      }
    }
  }

  private static Segment[] doubled(Segment[] directory) {
    var doubled = new Segment[directory.length * 2];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = directory[i / 2];
    }
    return doubled;
  }

  /** Some hundred cells whose fingerprints begin with the same {@code depth} bits. */
  private static final class Segment {
    private static final int WORDS = 3; // high, low, at; an instant of 0 is a free slot

    final int depth;
    final int counts;
    final long[] words = new long[SLOTS * WORDS];
    final int[] all;
    int used;

    Segment(int counts, int depth) {
      this.counts = counts;
      this.depth = depth;
      this.all = new int[SLOTS * counts];
    }

    /** The slot of the fingerprint, or the free one where it would be. */
    int find(long high, long low) {
      int slot = home(low);
      while (!isFree(slot) && (low(slot) != low || high(slot) != high)) {
        slot = next(slot);
      }
      return slot;
    }

    boolean isFree(int slot) {
      return at(slot) == 0;
    }

    long high(int slot) {
      return words[slot * WORDS];
    }

    long low(int slot) {
      return words[slot * WORDS + 1];
    }

    private long at(int slot) {
      return words[slot * WORDS + 2];
    }

    void read(int slot, Cell cell) {
      cell.at = at(slot);
      System.arraycopy(all, slot * counts, cell.counts, 0, counts);
    }

    void write(int slot, Cell cell) {
      words[slot * WORDS + 2] = cell.at;
      System.arraycopy(cell.counts, 0, all, slot * counts, counts);
    }

    /** To be written next. */
    void claim(int slot, long high, long low) {
      words[slot * WORDS] = high;
      words[slot * WORDS + 1] = low;
      used++;
    }

    void claim(int slot, Segment from, int fromSlot) {
      copy(slot, from, fromSlot);
      used++;
    }

    /** Frees the slot, and moves up those that only stand behind it because it was taken. */
    void remove(int slot) {
      int hole = slot;
      for (int i = next(slot); !isFree(i); i = next(i)) {
        if (distance(home(low(i)), i) >= distance(hole, i)) {
          copy(hole, this, i);
          hole = i;
        }
      }
      words[hole * WORDS + 2] = 0;
      used--;
    }

    /** Returns how many cells it has forgotten. */
    int sweep(long now) {
      int before = used;
      for (int slot = 0; slot < SLOTS; slot++) {
        while (!isFree(slot) && at(slot) < now) {
          remove(slot); // which may move another one here
        }
      }
      return before - used;
    }

    private void copy(int slot, Segment from, int fromSlot) {
      System.arraycopy(from.words, fromSlot * WORDS, words, slot * WORDS, WORDS);
      System.arraycopy(from.all, fromSlot * counts, all, slot * counts, counts);
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
  }
}
