package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EndHeapTest {
  private final EndHeap heap = new EndHeap();

  @Test
  void theSoonestToEndIsFirst() {
    heap.add(30);
    heap.add(10);
    heap.add(20);

    assertEquals(1, heap.first());
    heap.change(1, 40);
    assertEquals(2, heap.first());
    heap.change(0, 5);
    assertEquals(0, heap.first());
    heap.remove(0); // and number 2, the last one, is 0 from now on
    assertEquals(0, heap.first());
    assertEquals(20, heap.end(0));
    assertEquals(40, heap.end(1));
    assertEquals(2, heap.size());
  }

  @Test
  void behavesAsAListOfEndsUnderRandomUse() {
    var random = new SplittableRandom(11);
    List<Long> model = new ArrayList<>();
    for (int step = 0; step < 60_000; step++) {
      boolean grows = step / 20_000 != 1;
      if (model.isEmpty() || random.nextInt(10) < (grows ? 6 : 2)) {
        long end = random.nextLong(1_000_000);
        heap.add(end);
        model.add(end);
      } else if (random.nextInt(3) == 0) {
        int entry = random.nextInt(model.size());
        long end = random.nextLong(1_000_000);
        heap.change(entry, end);
        model.set(entry, end);
      } else {
        int entry = random.nextInt(4) == 0 ? heap.first() : random.nextInt(model.size());
        heap.remove(entry);
        long last = model.removeLast();
        if (entry < model.size()) {
          model.set(entry, last);
        }
      }
      assertEquals(model.size(), heap.size());
      if (!model.isEmpty()) {
        int any = random.nextInt(model.size());
        assertEquals(model.get(any), heap.end(any));
        if (step % 200 == 0) {
          assertEquals(Collections.min(model), heap.end(heap.first()), "step " + step);
        }
      }
    }
    model.sort(null);
    for (long end : model) {
      assertEquals(end, heap.end(heap.first()));
      heap.remove(heap.first());
    }
    assertEquals(0, heap.size());
  }
}
