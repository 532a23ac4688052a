package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NamespacesTest {
  private final Namespaces namespaces = new Namespaces();

  @Test
  void countsTheKeysOfEachAndForgetsThoseThatHaveNone() {
    int a = namespaces.add("a");
    assertEquals(a, namespaces.add("a"));
    int b = namespaces.add("b");
    assertNotEquals(a, b);
    assertEquals(2, namespaces.keys("a"));
    assertTrue(namespaces.is(b, "b"));
    assertFalse(namespaces.is(b, "a"));

    namespaces.remove(a);
    namespaces.remove(a);
    assertEquals(0, namespaces.keys("a"));
    assertEquals(1, namespaces.keys("b"));
    assertEquals(a, namespaces.add("c"), "its number is given to another");
    assertEquals(0, namespaces.keys("a"));
    assertEquals(1, namespaces.keys("c"));
  }

  @Test
  void behavesAsAMapUnderRandomUse() {
    var random = new SplittableRandom(5);
    Map<String, Integer> model = new TreeMap<>();
    List<Integer> keys = new ArrayList<>(); // the numbers of their namespaces
    List<String> names = new ArrayList<>();
    for (int step = 0; step < 100_000; step++) {
      if (keys.isEmpty() || random.nextInt(10) < (step < 50_000 ? 7 : 4)) {
        String name = "n" + random.nextInt(10_000);
        keys.add(namespaces.add(name));
        names.add(name);
        model.merge(name, 1, Integer::sum);
      } else {
        int any = random.nextInt(keys.size());
        assertTrue(namespaces.is(keys.get(any), names.get(any)));
        namespaces.remove(keys.set(any, keys.getLast()));
        String name = names.set(any, names.getLast());
        keys.removeLast();
        names.removeLast();
        model.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1);
      }
      String asked = "n" + random.nextInt(10_000);
      assertEquals(model.getOrDefault(asked, 0), namespaces.keys(asked));
    }
  }
}
