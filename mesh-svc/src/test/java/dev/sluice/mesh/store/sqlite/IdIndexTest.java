package dev.sluice.mesh.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.store.Fingerprint;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IdIndexTest {
  private static final int OPERATIONS = 500_000;

  private final IdIndex index = new IdIndex();

  @Test
  void itIsAMapWhateverIsDone() {
    Map<Fingerprint, Long> map = new HashMap<>();
    var random = new SplittableRandom(11);
    for (int i = 0; i < OPERATIONS; i++) {
      int range = i < OPERATIONS / 2 ? 50_000 : 200; // grows, and is emptied again
      Fingerprint print = print(random.nextInt(range));
      if (random.nextInt(3) == 0 || i > OPERATIONS * 3 / 4) {
        long number = map.getOrDefault(print, 5L);
        index.remove(print, number);
        map.remove(print);
      } else {
        long number = random.nextLong(1_000_000);
        index.put(print, number);
        map.put(print, number);
      }
      assertEquals(map.getOrDefault(print, IdIndex.NONE), index.find(print));
    }
    assertEquals(map.size(), index.size());
    map.forEach((print, number) -> assertEquals(number, index.find(print)));
  }

  @Test
  void whatHasAnotherNumberIsNotRemoved() {
    index.put(print(1), 0);
    index.put(print(1), 8);
    index.remove(print(1), 0);
    assertEquals(8, index.find(print(1)));
    assertEquals(1, index.size());
  }

  /** Few bits of it, so that many meet in one slot. */
  private static Fingerprint print(int key) {
    return new Fingerprint((long) (key % 3) << 32, key % 1_000 + ((long) key << 40));
  }
}
