package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.Fingerprint;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CellTableTest {
  private static final Comparator<Fingerprint> ORDER =
      Comparator.comparingLong(Fingerprint::high).thenComparingLong(Fingerprint::low);

  private static final int COUNTS = 2;

  private final CellTable table = new CellTable(COUNTS);
  private final Cell cell = new Cell(COUNTS);

  @Property(tries = 20)
  void behavesAsAMap(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    Map<Fingerprint, Long> model = new TreeMap<>(ORDER); // their hashes collide
    for (int step = 0; step < 30_000; step++) {
      // Few first bits, so that segments fill unevenly, and few low ones, so that probes run on.
      var print =
          new Fingerprint(random.nextLong() << random.nextInt(4), random.nextLong(2_000) << 32);
      long at = random.nextLong(1, 1_000);
      switch (random.nextInt(10)) {
        case 0 -> {
          table.remove(print);
          model.remove(print);
        }
        case 1 -> {
          table.sweepNext(1, 0); // merges
          assertEquals(model.containsKey(print), table.read(print, cell));
        }
        default -> {
          write(print, at);
          model.put(print, at);
        }
      }
    }
    assertSame(model);
    sweepAll(500);
    model.values().removeIf(at -> at < 500);
    assertSame(model);
    sweepAll(2_000);
    assertEquals(0, table.size());
  }

  @Test
  void growsByOneSegmentAtATimeAndShrinksAgain() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      write(new Fingerprint(random.nextLong(), random.nextLong()), 1);
    }
    assertEquals(100_000, table.size());
    assertTrue(table.segments() >= 128, table.segments() + " segments");

    for (int i = 0; i < 20; i++) {
      sweepAll(2);
    }
    assertEquals(0, table.size());
    assertEquals(1, table.segments());
  }

  private void write(Fingerprint print, long at) {
    cell.at = at;
    cell.counts[0] = (int) at;
    cell.counts[1] = (int) -at;
    table.write(print, cell);
  }

  private void sweepAll(long now) {
    table.sweepNext(table.segments(), now);
  }

  private void assertSame(Map<Fingerprint, Long> model) {
    assertEquals(model.size(), table.size());
    model.forEach((print, at) -> {
      assertTrue(table.read(print, cell));
      assertEquals(at, cell.at);
      assertArrayEquals(new int[] {at.intValue(), -at.intValue()}, cell.counts);
    });
    Set<Fingerprint> seen = new TreeSet<>(ORDER);
    table.forEach((high, low, _) -> assertTrue(seen.add(new Fingerprint(high, low))));
    assertEquals(model.keySet(), seen);
    assertFalse(table.read(new Fingerprint(1, 1L << 60), cell));
  }
}
