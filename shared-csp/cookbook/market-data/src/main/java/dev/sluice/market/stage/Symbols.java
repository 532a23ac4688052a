package dev.sluice.market.stage;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The symbols that were seen, found by their bytes, so that a tick of a known one makes no string:
 * a hash table with open addressing. Its hash has a secret key, for strangers choose the symbols,
 * and could else choose such that all fall into one place. Owned by one process.
 */
final class Symbols {
  /** The most that it keeps: a source that invents symbols cannot take the heap. */
  static final int MOST = 10_000;

  static final int LONGEST = 16;

  private static final int SLOTS = 1 << 15;

  private final String[] names = new String[SLOTS];

  /** Two a slot: the first eight bytes of the name and the rest, as numbers. */
  private final long[] halves = new long[2 * SLOTS];

  private final long firstKey;
  private final long restKey;
  private int size;

  Symbols(RandomGenerator random) {
    firstKey = random.nextLong();
    restKey = random.nextLong();
  }

  /** {@return the symbol, or null when it is none or there are too many} */
  @Nullable String find(byte[] text, int from, int to) {
    if (from >= to || to - from > LONGEST) {
      return null;
    }
    int middle = Math.min(to, from + 8);
    long first = half(text, from, middle);
    long rest = half(text, middle, to);
    int slot = slot(first, rest);
    for (String name = names[slot]; name != null; name = names[slot]) {
      // The length too: zero bytes before a name leave its halves as they are.
      if (halves[2 * slot] == first && halves[2 * slot + 1] == rest && name.length() == to - from) {
        return name;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (size == MOST || !isSymbol(text, from, to)) {
      return null;
    }
    size++;
    halves[2 * slot] = first;
    halves[2 * slot + 1] = rest;
    names[slot] = new String(text, from, to - from, StandardCharsets.US_ASCII);
    return names[slot];
  }

  private static long half(byte[] text, int from, int to) {
    long half = 0;
    for (int i = from; i < to; i++) {
      half = (half << 8) | (text[i] & 0xFF);
    }
    return half;
  }

  /** The two halves of a product of 128 bits folded, as in wyhash. */
  private int slot(long first, long rest) {
    long a = first ^ firstKey;
    long b = rest ^ restKey;
    long folded = a * b ^ Math.multiplyHigh(a, b);
    return (int) (folded >>> 49);
  }

  private static boolean isSymbol(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isAllowed(text[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(byte each) {
    return (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || each == '.'
        || each == '-'
        || each == '/'
        || each == '_';
  }
}
