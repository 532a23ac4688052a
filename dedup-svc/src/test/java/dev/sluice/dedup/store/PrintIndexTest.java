package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrintIndexTest {
  private final List<Fingerprint> prints = new ArrayList<>();
  private final PrintIndex index =
      new PrintIndex(
          new PrintIndex.Entries() {
            @Override
            public long high(int entry) {
              return prints.get(entry).high();
            }

            @Override
            public long low(int entry) {
              return prints.get(entry).low();
            }
          });

  @Test
  void findsWhatIsThereAndNothingElse() {
    var random = new SplittableRandom(3);
    for (int step = 0; step < 120_000; step++) {
      boolean grows = step / 40_000 != 1;
      if (prints.isEmpty() || random.nextInt(10) < (grows ? 7 : 1)) {
        add(poor(random));
      } else {
        remove(random.nextInt(prints.size()));
      }
      if (step % 1_000 == 0) {
        assertEquals(-1, find(new Fingerprint(random.nextLong(), -1)));
        assertAllFound();
      }
    }
    assertAllFound();
  }

  @Test
  void growsByOneSegmentAtATimeAndShrinksAgain() {
    var random = new SplittableRandom(1);
    int before = index.segments();
    for (int i = 0; i < 100_000; i++) {
      add(new Fingerprint(random.nextLong(), random.nextLong()));
      assertTrue(index.segments() - before <= 1, "step " + i);
      before = index.segments();
    }
    assertTrue(before >= 128 && before <= 256, before + " segments");

    while (!prints.isEmpty()) {
      remove(prints.size() - 1);
    }
    assertEquals(1, index.segments());
  }

  /** Few first bits, so that segments fill unevenly, and few low ones, so that probes run on. */
  private static Fingerprint poor(SplittableRandom random) {
    return new Fingerprint(
        random.nextLong() << random.nextInt(4), (random.nextLong(2_000) << 32) | random.nextInt(9));
  }

  private void add(Fingerprint print) {
    if (find(print) < 0) {
      prints.add(print);
      index.add(prints.size() - 1);
    }
  }

  private void remove(int entry) {
    int last = prints.size() - 1;
    index.remove(entry);
    if (entry != last) {
      index.renumber(last, entry);
      prints.set(entry, prints.get(last));
    }
    prints.removeLast();
  }

  private int find(Fingerprint print) {
    return index.find(print, PrintIndex.Sameness.BY_PRINT);
  }

  private void assertAllFound() {
    for (int entry = 0; entry < prints.size(); entry++) {
      assertEquals(entry, find(prints.get(entry)));
    }
  }
}
