package dev.sluice.dedup.store;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An array that grows and shrinks by one chunk at a time, so that nobody waits while it is copied.
 * Its size changes by one chunk at most from one {@link #fit} to the next.
 *
 * @param <A> a chunk: an array of {@link #LENGTH} elements
 */
final class Chunks<A> {
  private static final int SHIFT = 12;

  /** How many elements a chunk has. */
  static final int LENGTH = 1 << SHIFT;

  private final Supplier<A> chunk;
  private @Nullable Object[] chunks = new Object[1];
  private int count;

  /**
   * @param chunk makes one
   */
  Chunks(Supplier<A> chunk) {
    this.chunk = chunk;
  }

  /** The chunk that has an element. */
  @SuppressWarnings("unchecked") // only such chunks are ever put in
  A of(int index) {
    return (A) Objects.requireNonNull(chunks[index >>> SHIFT]);
  }

  /** Where in its chunk an element is. */
  static int in(int index) {
    return index & (LENGTH - 1);
  }

  /** Has room for elements 0 to {@code size - 1}, and for a chunk more at most. */
  void fit(int size) {
    int needed = (size + LENGTH - 1) >>> SHIFT;
    while (count < needed) {
      if (count == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * count);
      }
      chunks[count++] = chunk.get();
    }
    while (count > needed + 1) { // one more is kept, lest it come and go
      chunks[--count] = null;
    }
  }

  /** For how many elements there is room. */
  long room() {
    return (long) count * LENGTH;
  }
}
