package dev.sluice.dedup.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemorySeenStoreTest {
  private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");
  private static final int ALL = Integer.MAX_VALUE;

  private final MemorySeenStore store = new MemorySeenStore(3);

  @Test
  void countsWithinTheWindowAndKeepsItsInstants() {
    assertEquals(new Seen(1, at(5), at(15)), see("k", 10, 5));
    assertEquals(new Seen(2, at(5), at(15)), see("k", 10, 6));
    assertEquals(new Seen(3, at(5), at(15)), see("k", 10, 14));
  }

  @Test
  void theWindowEndsAtItsExactNanosecondSweptOrNot() {
    see("k", 10, 5);

    assertEquals(2, see("k", 10, 14).times());
    assertEquals(new Seen(1, at(15), at(25)), see("k", 10, 15));
    assertEquals(2, see("k", 10, 24).times());
    assertEquals(1, see("k", 10, 25).times());
  }

  @Test
  void theTtlOfLaterCallsPlaysNoPart() {
    see("k", 10, 0);

    assertEquals(at(10), see("k", 1_000, 1).expiresAt());
    assertEquals(at(10), see("k", 1, 2).expiresAt());
    assertEquals(1, see("k", 1, 10).times());
  }

  @Test
  void namespacesDoNotDisturbEachOther() {
    var ttl = Duration.ofNanos(10);
    store.see(new SeenKey("a", "k"), ttl, 0, at(0));

    assertEquals(1, store.see(new SeenKey("b", "k"), ttl, 0, at(0)).times());
  }

  @Test
  void refusesAnotherKeyWhenFullAndSaysWhenThereIsRoom() {
    see("a", 30, 0);
    see("b", 20, 0);
    see("c", 10, 0);

    var full = assertThrows(StoreFullException.class, () -> see("d", 10, 4));
    assertEquals("all 3 entries of this shard are in use", full.getMessage());
    assertEquals(Duration.ofNanos(6), full.roomIn());
    assertEquals(2, see("a", 10, 4).times(), "a full store still knows what it has seen");
    assertThrows(StoreFullException.class, () -> see("d", 10, 9));
    assertEquals(1, see("d", 10, 10).times(), "the window of c has ended");
    assertEquals(3, store.size());
  }

  @Test
  void aWindowThatBeganAnewIsNotGivenAway() {
    see("a", 10, 0);
    see("b", 10, 0);
    see("c", 10, 0);
    for (String key : new String[] {"a", "b", "c"}) {
      assertEquals(1, see(key, 100, 10).times());
    }

    var full = assertThrows(StoreFullException.class, () -> see("d", 10, 50));
    assertEquals(Duration.ofNanos(60), full.roomIn());
    assertFalse(store.sweep(50, ALL));
    assertEquals(2, see("a", 10, 50).times());
    assertEquals(3, store.size());
  }

  @Test
  void sweepsTheEarliestFirstAndNoMoreThanAsked() {
    see("a", 30, 0);
    see("b", 20, 0);
    see("c", 10, 0);

    assertFalse(store.sweep(9, ALL));
    assertEquals(3, store.size());
    assertTrue(store.sweep(25, 1), "b is left to forget");
    assertEquals(2, store.size());
    assertFalse(store.sweep(25, 1));
    assertEquals(1, store.size());
    assertEquals(2, see("a", 30, 25).times());
  }

  @Test
  void theMonotonicScaleMayWrapAround() {
    long start = Long.MAX_VALUE - 5;
    store.see(new SeenKey("n", "k"), Duration.ofNanos(10), start, at(0));

    assertFalse(store.sweep(start + 9, ALL));
    assertEquals(
        2, store.see(new SeenKey("n", "k"), Duration.ofNanos(10), start + 9, at(9)).times());
    store.sweep(start + 10, ALL);
    assertEquals(0, store.size());
  }

  @Test
  void everyAnswerEqualsThePlainModels() {
    var random = new SplittableRandom(42);
    long full = 0;
    long duplicates = 0;
    long anew = 0;
    for (int run = 0; run < 300; run++) {
      int max = random.nextInt(1, 12);
      int keys = random.nextInt(1, 2 * max + 2);
      long ttls = random.nextLong(1, 60);
      var tested = new MemorySeenStore(max);
      var model = new Model(max);
      long now = random.nextLong(1_000);
      for (int step = 0; step < 400; step++) {
        now += random.nextInt(4) == 0 ? random.nextLong(20) : random.nextLong(2);
        String where = "run " + run + " step " + step + " at " + now;
        if (random.nextInt(8) == 0) {
          int size = tested.size();
          int most = random.nextInt(4);
          boolean more = tested.sweep(now, most);
          assertTrue(size - tested.size() <= most, where);
          assertEquals(more, tested.sweep(now, 0), where);
        } else {
          var key = new SeenKey("n" + random.nextInt(2), "k" + random.nextInt(keys));
          var ttl = Duration.ofNanos(1 + random.nextLong(ttls));
          boolean known = model.knew(key);
          Seen expected = model.see(key, ttl, now);
          assertEquals(expected, orNullIfFull(tested, key, ttl, now), where);
          full += expected == null ? 1 : 0;
          duplicates += expected != null && expected.times() > 1 ? 1 : 0;
          anew += expected != null && expected.times() == 1 && known ? 1 : 0;
        }
        assertTrue(tested.size() >= model.live(now) && tested.size() <= max, where);
      }
      tested.sweep(now, ALL);
      assertEquals(model.live(now), tested.size(), "run " + run);
    }
    assertTrue(full > 1_000 && duplicates > 1_000 && anew > 1_000, "each kind was met often");
  }

  private static @Nullable Seen orNullIfFull(SeenStore store, SeenKey key, Duration ttl, long now) {
    try {
      return store.see(key, ttl, now, at(now));
    } catch (StoreFullException full) {
      return null;
    }
  }

  private Seen see(String key, long ttl, long now) {
    return store.see(new SeenKey("n", key), Duration.ofNanos(ttl), now, at(now));
  }

  private static Instant at(long nanos) {
    return DAY.plusNanos(nanos);
  }

  /** The same in the plainest form: every window there ever was, and no sweep. */
  private static final class Model {
    private record Window(long begin, long end, long times) {}

    private final int max;
    private final Map<SeenKey, Window> windows = new HashMap<>();

    Model(int max) {
      this.max = max;
    }

    /** The answer; null when there is no room. */
    @Nullable Seen see(SeenKey key, Duration ttl, long now) {
      Window window = windows.get(key);
      if (window != null && now < window.end) {
        window = new Window(window.begin, window.end, window.times + 1);
      } else if (live(now) < max) {
        window = new Window(now, now + ttl.toNanos(), 1);
      } else {
        return null;
      }
      windows.put(key, window);
      return new Seen(window.times, at(window.begin), at(window.end));
    }

    boolean knew(SeenKey key) {
      return windows.containsKey(key);
    }

    long live(long now) {
      return windows.values().stream().filter(window -> now < window.end).count();
    }
  }
}
