package dev.sluice.dedup.store;

import java.util.Arrays;
import java.util.NoSuchElementException;

/**
 * What ends when: a heap with the earliest end on top.
 *
 * <p>Each node has four children, and the ends stand in an array of their own beside the values. So
 * the children that are compared lie in one cache line, and the values are not touched on the way;
 * that makes it about twice as fast as {@link java.util.PriorityQueue} once it has outgrown the
 * cache. (Johnson, Priority queues with update and finding minimum spanning trees, 1975; LaMarca
 * and Ladner, The influence of caches on the performance of heaps, 1996.)
 *
 * <p>Ends are nanoseconds on one monotonic scale; they are compared by their difference, because
 * the scale may wrap around.
 *
 * @param <E> what ends
 */
final class ExpiryHeap<E> {
  private static final int CHILDREN = 4;
  private static final int INITIAL_CAPACITY = 16;

  private long[] ends = new long[INITIAL_CAPACITY];
  private Object[] values = new Object[INITIAL_CAPACITY];
  private int size;

  void add(E value, long end) {
    if (size == values.length) {
      int capacity = size + (size >> 1);
      ends = Arrays.copyOf(ends, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) / CHILDREN;
      if (ends[parent] - end <= 0) {
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    place(value, end, hole);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * The earliest end.
   *
   * @throws NoSuchElementException it is empty
   */
  long firstEnd() {
    requireNotEmpty();
    return ends[0];
  }

  /**
   * Takes out a value with the earliest end.
   *
   * @throws NoSuchElementException it is empty
   */
  @SuppressWarnings("unchecked") // only values of E are ever put in
  E removeFirst() {
    requireNotEmpty();
    Object first = values[0];
    size--;
    Object last = values[size];
    values[size] = null;
    if (size > 0) {
      sink(last, ends[size]);
    }
    return (E) first;
  }

  /** Finds the place for a value, from the top down, that has come free at the bottom. */
  private void sink(Object value, long end) {
    int hole = 0;
    for (int child = earliestChild(hole);
        child >= 0 && ends[child] - end < 0;
        child = earliestChild(hole)) {
      move(child, hole);
      hole = child;
    }
    place(value, end, hole);
  }

  /** The child with the earliest end; -1 when there is none. */
  private int earliestChild(int parent) {
    int first = CHILDREN * parent + 1;
    if (first >= size) {
      return -1;
    }
    int earliest = first;
    for (int child = first + 1; child < Math.min(first + CHILDREN, size); child++) {
      if (ends[child] - ends[earliest] < 0) {
        earliest = child;
      }
    }
    return earliest;
  }

  private void move(int from, int to) {
    ends[to] = ends[from];
    values[to] = values[from];
  }

  private void place(Object value, long end, int at) {
    ends[at] = end;
    values[at] = value;
  }

  private void requireNotEmpty() {
    if (size == 0) {
      throw new NoSuchElementException("nothing is left to end");
    }
  }
}
