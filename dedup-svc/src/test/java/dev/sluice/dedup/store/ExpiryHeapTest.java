package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExpiryHeapTest {
  private final ExpiryHeap<String> heap = new ExpiryHeap<>();

  @Test
  void givesTheEarliestFirst() {
    heap.add("c", 30);
    heap.add("a", 10);
    heap.add("b", 20);

    assertEquals(10, heap.firstEnd());
    assertEquals("a", heap.removeFirst());
    assertEquals("b", heap.removeFirst());
    assertFalse(heap.isEmpty());
    assertEquals("c", heap.removeFirst());
    assertTrue(heap.isEmpty());
  }

  @Test
  void anEmptyOneHasNoFirst() {
    assertThrows(NoSuchElementException.class, heap::firstEnd);
    assertThrows(NoSuchElementException.class, heap::removeFirst);
  }

  @Test
  void theScaleMayWrapAround() {
    heap.add("after", Long.MIN_VALUE + 5);
    heap.add("before", Long.MAX_VALUE - 5);

    assertEquals("before", heap.removeFirst());
    assertEquals("after", heap.removeFirst());
  }

  @Test
  void keepsTheOrderOfASortedMapUnderRandomUse() {
    var random = new SplittableRandom(11);
    var numbers = new ExpiryHeap<Long>();
    var model = new TreeMap<Long, Integer>(); // end -> how many
    int size = 0;
    for (int step = 0; step < 200_000; step++) {
      boolean grows = step / 10_000 % 2 == 0;
      if (size == 0 || random.nextInt(10) < (grows ? 7 : 3)) {
        long end = random.nextLong(1_000);
        numbers.add(end, end);
        model.merge(end, 1, Integer::sum);
        size++;
      } else {
        long earliest = model.firstKey();
        assertEquals(earliest, numbers.firstEnd(), "step " + step);
        assertEquals(earliest, numbers.removeFirst(), "step " + step);
        model.computeIfPresent(earliest, (end, count) -> count == 1 ? null : count - 1);
        size--;
      }
      assertEquals(size == 0, numbers.isEmpty());
    }
  }
}
