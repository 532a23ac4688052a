package dev.sluice.mesh.store.sqlite;

import dev.sluice.store.Fingerprint;

/**
 * Where the request of an id is: a hash table from fingerprints to numbers. It is cut into parts
 * that grow each for itself, so that no single operation takes long.
 *
 * <p>Within a part numbers are found by linear probing, and removed by moving up those behind, so
 * there are no tombstones.
 */
final class IdIndex {
  /** What {@link #find} says of an id that is not there. */
  static final long NONE = -1;

  private static final int PARTS = 1 << 10;

  private final Part[] parts = new Part[PARTS];

  IdIndex() {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /** The number, or {@link #NONE}. */
  long find(Fingerprint print) {
    Part part = part(print);
    int slot = part.slotOf(print);
    return slot < 0 ? NONE : part.numbers[slot] - 1;
  }

  /**
   * Keeps a number, instead of the one that was kept.
   *
   * @param number 0 or more
   */
  void put(Fingerprint print, long number) {
    part(print).put(print, number);
  }

  /** Removes the id if that is its number. */
  void remove(Fingerprint print, long number) {
    Part part = part(print);
    int slot = part.slotOf(print);
    if (slot >= 0 && part.numbers[slot] == number + 1) {
      part.remove(slot);
    }
  }

  /** How many ids there are. */
  long size() {
    long size = 0;
    for (Part part : parts) {
      size += part.used;
    }
    return size;
  }

  private Part part(Fingerprint print) {
    return parts[(int) (print.high() >>> 32) & (PARTS - 1)];
  }

  private static final class Part {
    private static final int FIRST = 16;

    private long[] highs = new long[FIRST];
    private long[] lows = new long[FIRST];
    private long[] numbers = new long[FIRST]; // plus one; 0 is a free slot
    private int used;

    /** -1 when it is not there. */
    int slotOf(Fingerprint print) {
      for (int slot = home(print.low()); numbers[slot] != 0; slot = next(slot)) {
        if (lows[slot] == print.low() && highs[slot] == print.high()) {
          return slot;
        }
      }
      return -1;
    }

    void put(Fingerprint print, long number) {
      int slot = slotOf(print);
      if (slot >= 0) {
        numbers[slot] = number + 1;
        return;
      }
      if (used >= numbers.length * 3 / 4) {
        resize(numbers.length * 2);
      }
      add(print.high(), print.low(), number + 1);
    }

    /** Frees the slot, and moves up those that only stand behind it because it was taken. */
    void remove(int slot) {
      int hole = slot;
      for (int i = next(slot); numbers[i] != 0; i = next(i)) {
        if (distance(home(lows[i]), i) >= distance(hole, i)) {
          highs[hole] = highs[i];
          lows[hole] = lows[i];
          numbers[hole] = numbers[i];
          hole = i;
        }
      }
      numbers[hole] = 0;
      used--;
      if (numbers.length > FIRST && used < numbers.length / 8) {
        resize(numbers.length / 2);
      }
    }

    private void resize(int length) {
      long[] oldHighs = highs;
      long[] oldLows = lows;
      long[] oldNumbers = numbers;
      highs = new long[length];
      lows = new long[length];
      numbers = new long[length];
      used = 0;
      for (int i = 0; i < oldNumbers.length; i++) {
        if (oldNumbers[i] != 0) {
          add(oldHighs[i], oldLows[i], oldNumbers[i]);
        }
      }
    }

    private void add(long high, long low, long kept) {
      int slot = home(low);
      while (numbers[slot] != 0) {
        slot = next(slot);
      }
      highs[slot] = high;
      lows[slot] = low;
      numbers[slot] = kept;
      used++;
    }

    private int home(long low) {
      return (int) low & (numbers.length - 1);
    }

    private int next(int slot) {
      return (slot + 1) & (numbers.length - 1);
    }

    private int distance(int from, int to) {
      return (to - from) & (numbers.length - 1);
    }
  }
}
