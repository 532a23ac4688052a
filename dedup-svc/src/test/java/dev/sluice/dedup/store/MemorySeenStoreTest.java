package dev.sluice.dedup.store;

import static dev.sluice.dedup.store.SeenDriver.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The memory's own: what is exact to the nanosecond, and what happens when it is full. */
class MemorySeenStoreTest extends SeenStoreContract {
  private static final SeenOutcome UNKNOWN = new SeenOutcome.Unknown();

  private long now = Duration.ofDays(20_000).toNanos();
  private final SeenDriver driver =
      new SeenDriver((_, _) -> new MemorySeenStore(10_000), () -> now);
  private final MemorySeenStore store = new MemorySeenStore(3);

  @Override
  SeenDriver driver() {
    return driver;
  }

  @Override
  void passTo(long instant) {
    now = Math.max(now, instant);
  }

  @Test
  void theWindowEndsAtItsExactNanosecondSweptOrNot() {
    see(store, "k", 10, 5);

    assertEquals(seen(2, 5, 15), see(store, "k", 10, 14));
    assertEquals(seen(2, 5, 15), store.peek(key("n", "k"), 14));
    assertEquals(UNKNOWN, store.peek(key("n", "k"), 15));
    assertEquals(seen(1, 15, 25), see(store, "k", 10, 15));
    assertEquals(seen(2, 15, 25), see(store, "k", 10, 24));
    assertEquals(seen(1, 25, 35), see(store, "k", 10, 25));
    assertEquals(1, store.size());
  }

  @Test
  void aWindowSlidesExactlyToTheTtlFromNow() {
    see(store, "k", 10, 0);

    assertEquals(seen(2, 0, 14), extend("k", 10, 4));
    assertEquals(seen(3, 0, 14), extend("k", 5, 9));
    assertEquals(seen(4, 0, 14), extend("k", 1, 9));
    assertEquals(seen(5, 0, 20), extend("k", 7, 13));
    assertEquals(seen(1, 20, 21), extend("k", 1, 20));
  }

  @Test
  void noEndIsEverTooLateToBeKept() {
    long late = Long.MAX_VALUE - 5;

    assertEquals(seen(1, late, Long.MAX_VALUE), see(store, "k", 10, late));
    assertEquals(seen(2, late, Long.MAX_VALUE), extend("k", Long.MAX_VALUE, late + 1));
    assertEquals(seen(1, 3, Long.MAX_VALUE), see(store, "other", Long.MAX_VALUE, 3));
    assertEquals(UNKNOWN, store.peek(key("n", "k"), Long.MAX_VALUE));
  }

  @Test
  void refusesAnotherKeyWhenFullAndSaysWhenThereIsRoom() {
    see(store, "a", 30, 0);
    see(store, "b", 20, 0);
    see(store, "c", 10, 0);

    assertEquals(full(6), see(store, "d", 10, 4));
    assertEquals(seen(2, 0, 30), see(store, "a", 10, 4), "it still knows what it has seen");
    assertEquals(full(1), see(store, "d", 10, 9));
    assertEquals(seen(1, 10, 20), see(store, "d", 10, 10), "the window of c has ended");
    assertEquals(3, store.size());
    assertEquals(Optional.of(new SeenContents(3, 0)), store.contents());
  }

  @Test
  void aForgottenKeyMakesRoomAtOnce() {
    List.of("a", "b", "c").forEach(each -> see(store, each, 10, 0));

    assertEquals(new SeenOutcome.Forgotten(), store.forget(key("n", "b"), 1));
    assertEquals(2, store.count("n").keys());
    assertEquals(seen(1, 1, 11), see(store, "d", 10, 1));
    assertEquals(full(9), see(store, "e", 10, 1));
  }

  @Test
  void aWindowThatBeganAnewOrWasExtendedIsNotGivenAway() {
    List.of("a", "b", "c").forEach(each -> see(store, each, 10, 0));
    see(store, "a", 100, 10);
    extend("b", 100, 9);
    see(store, "c", 90, 10);

    assertEquals(full(50), see(store, "d", 10, 50));
    assertEquals(Duration.ofSeconds(1).toNanos(), store.sweep(50));
    assertEquals(seen(2, 10, 110), see(store, "a", 10, 50));
    assertEquals(3, store.size());
  }

  @Test
  void evictsTheSoonestToEndWhenItIsToldToAndCountsIt() {
    var evictions = new ArrayList<Fingerprint>();
    var evicting =
        new MemorySeenStore(3, KeyForm.HASHED, WhenFull.EVICT, (print, _) -> evictions.add(print));
    see(evicting, "a", 30, 0);
    see(evicting, "b", 10, 0);
    see(evicting, "c", 20, 0);

    assertEquals(seen(1, 1, 101), see(evicting, "d", 100, 1));
    assertEquals(List.of(key("n", "b").fingerprint()), evictions);
    assertEquals(UNKNOWN, evicting.peek(key("n", "b"), 1));
    assertEquals(Optional.of(new SeenContents(3, 1)), evicting.contents());

    assertEquals(seen(1, 20, 30), see(evicting, "e", 10, 20));
    assertEquals(1, evictions.size(), "what has ended is not evicted");
    assertEquals(seen(2, 0, 30), see(evicting, "a", 30, 20));
    assertEquals(Optional.of(new SeenContents(3, 1)), evicting.contents());
  }

  @Test
  void verbatimKeysOfOneFingerprintAreTwo() {
    var print = new Fingerprint(7, 7);
    var keys =
        List.of(
            new SeenKey("n", "a", print),
            new SeenKey("n", "b", print),
            new SeenKey("m", "a", print));
    var verbatim = new MemorySeenStore(10, KeyForm.VERBATIM, WhenFull.REFUSE);
    var hashed = new MemorySeenStore(10);
    for (SeenKey each : keys) {
      assertEquals(seen(1, 0, 10), verbatim.see(new SeenOperation.See(each, 10, false), 0));
      hashed.see(new SeenOperation.See(each, 10, false), 0);
    }

    assertEquals(2, verbatim.count("n").keys());
    verbatim.forget(keys.getFirst(), 0);
    assertEquals(UNKNOWN, verbatim.peek(keys.get(0), 0));
    assertEquals(seen(2, 0, 10), verbatim.see(new SeenOperation.See(keys.get(1), 10, false), 0));
    assertEquals(seen(2, 0, 10), verbatim.see(new SeenOperation.See(keys.get(2), 10, false), 0));
    assertEquals(seen(3, 0, 10), hashed.peek(keys.get(2), 0), "taken for one, as documented");
  }

  @Test
  void whatIsRestoredIsKnownAsItWas() {
    for (String each : List.of("a", "b", "c", "d")) { // one more than there is room for
      store.restore(key("n", each), 5, 15, 1L << 40);
    }

    assertEquals(seen(SeenTable.MOST_TIMES, 5, 15), see(store, "d", 10, 6));
    assertEquals(4, store.count("n").keys());
    assertEquals(full(9), see(store, "e", 10, 6));
    assertEquals(seen(1, 15, 25), see(store, "e", 10, 15));
  }

  @Test
  void sweepsTheEarliestFirstAndABoundedNumber() {
    var large = new MemorySeenStore(5_000);
    for (int i = 0; i < 2_500; i++) {
      see(large, "k" + i, 10 + i, 0);
    }

    assertEquals(Duration.ofSeconds(1).toNanos(), large.sweep(9));
    assertEquals(2_500, large.size());
    assertEquals(0, large.sweep(2_000), "more are due");
    assertEquals(2_000, large.size());
    assertEquals(UNKNOWN, large.peek(key("n", "k499"), 0));
    assertEquals(seen(1, 0, 510), large.peek(key("n", "k500"), 0));
    while (large.sweep(2_000) == 0) {
      assertTrue(large.size() > 509);
    }
    assertEquals(509, large.size());
    large.sweep(3_000);
    assertEquals(Long.MAX_VALUE, large.sweep(3_000), "nothing is planned");
    assertEquals(0, large.size());
    assertEquals(0, large.count("n").keys());
  }

  @Test
  void whatHasEndedNeverPilesUpThoughNobodySweeps() {
    var large = new MemorySeenStore(10_000);
    for (int i = 0; i < 100_000; i++) {
      see(large, "k" + i, 1_000, i);
      assertTrue(large.size() <= 1_001, () -> large.size() + " of 1000 live ones");
    }
  }

  @Test
  void anEvictingStoreThatWasRestoredWithTooManyComesDown() {
    var evicting = new MemorySeenStore(2, KeyForm.HASHED, WhenFull.EVICT);
    for (int i = 0; i < 2_000; i++) {
      evicting.restore(key("n", "k" + i), 0, 10 + i, 1);
    }
    for (int i = 0; i < 5; i++) {
      see(evicting, "new" + i, 100_000 + i, 20);
    }

    assertEquals(Optional.of(new SeenContents(2, 1_992)), evicting.contents());
    assertEquals(seen(1, 20, 100_024), evicting.peek(key("n", "new4"), 20));
  }

  @Test
  void aKeyTakesSixtyBytesAndGivesThemBack() {
    int many = 400_000;
    var large = new MemorySeenStore(many);
    for (int i = 0; i < many; i++) {
      see(large, "k" + i, 10 + i % 1_000, 0);
    }

    assertEquals(many, large.size());
    assertTrue(large.bytes() <= 62L * many, () -> (double) large.bytes() / many + " bytes a key");
    while (large.sweep(1_000_000) == 0) {
      assertTrue(large.size() > 0);
    }
    assertTrue(large.bytes() < 500_000, () -> large.bytes() + " bytes are left");
  }

  @Test
  void everyAnswerEqualsThePlainModels() {
    var random = new SplittableRandom(42);
    int[] met = new int[4]; // full, duplicates, anew, evicted
    for (int run = 0; run < 300; run++) {
      int max = random.nextInt(1, 12);
      int keys = random.nextInt(1, 2 * max + 2);
      long ttls = random.nextLong(1, 60);
      WhenFull whenFull = WhenFull.values()[run % 2];
      var tested = new MemorySeenStore(max, KeyForm.values()[run / 2 % 2], whenFull);
      var model = new Model(max, whenFull);
      long time = random.nextLong(1_000);
      for (int step = 0; step < 400; step++) {
        time += random.nextInt(4) == 0 ? random.nextLong(20) : random.nextLong(2);
        String where = "run " + run + " step " + step + " at " + time;
        SeenKey key = key("n" + random.nextInt(2), "k" + random.nextInt(keys));
        // Ends that are all different, for among equal ones any may be evicted.
        long ttl = (1 + random.nextLong(ttls)) * 100_000 + run * 400L + step;
        long at = time * 100_000;
        switch (random.nextInt(10)) {
          case 0 -> tested.sweep(at);
          case 1 -> assertEquals(model.forget(key, at), tested.forget(key, at), where);
          case 2 -> assertEquals(model.peek(key, at), tested.peek(key, at), where);
          default -> {
            var see = new SeenOperation.See(key, ttl, random.nextInt(3) == 0);
            boolean known = model.knew(key);
            SeenOutcome expected = model.see(see, at);
            assertEquals(expected, tested.see(see, at), where);
            switch (expected) {
              case SeenOutcome.Seen seen when seen.times() > 1 -> met[1]++;
              case SeenOutcome.Seen _ -> met[2] += known ? 1 : 0;
              default -> met[0]++;
            }
          }
        }
        assertTrue(tested.size() >= model.live(at) && tested.size() <= max, where);
      }
      long at = time * 100_000;
      tested.sweep(at);
      assertEquals(model.live(at), tested.size(), "run " + run);
      assertEquals(tested.size(), tested.count("n0").keys() + tested.count("n1").keys());
      assertEquals(model.evicted, tested.contents().orElseThrow().evicted());
      met[3] += model.evicted;
    }
    assertTrue(IntStream.of(met).allMatch(count -> count > 1_000), "each kind must be met often");
  }

  @Test
  void nobodyIsRefusedOrEvictedWhileThereAreManyThatHaveEnded() {
    for (WhenFull whenFull : WhenFull.values()) {
      var store = new MemorySeenStore(3, KeyForm.HASHED, whenFull);
      store.restore(key("n", "goes on"), 0, 1_000, 1);
      for (int i = 0; i < 5_000; i++) {
        store.restore(key("n", "ended " + i), 0, 100, 1);
      }
      assertEquals(seen(1, 100, 1_100), see(store, "first", 1_000, 100), whenFull.name());
      assertEquals(seen(1, 100, 1_100), see(store, "second", 1_000, 100), whenFull.name());
      while (store.sweep(100) == 0) {
        assertEquals(0, store.contents().orElseThrow().evicted());
      }
      assertEquals(3, store.size());
      assertEquals(seen(2, 0, 1_000), see(store, "goes on", 1_000, 100), whenFull.name());
    }
  }

  @Test
  void aStoreMustHaveRoomForOneAndNotForTooMany() {
    assertThrows(IllegalArgumentException.class, () -> new MemorySeenStore(0));
    assertThrows(
        IllegalArgumentException.class, () -> new MemorySeenStore(MemorySeenStore.LARGEST + 1));
  }

  private static SeenOutcome see(MemorySeenStore store, String key, long ttl, long now) {
    return store.see(new SeenOperation.See(key("n", key), ttl, false), now);
  }

  private SeenOutcome extend(String key, long ttl, long at) {
    return store.see(new SeenOperation.See(key("n", key), ttl, true), at);
  }

  private static SeenOutcome.Seen seen(long times, long firstSeenAt, long expiresAt) {
    return new SeenOutcome.Seen(times, firstSeenAt, expiresAt);
  }

  private static SeenOutcome full(long roomIn) {
    return new SeenOutcome.Failed(
        new StoreFailure.Full("all 3 entries of this shard are in use", Duration.ofNanos(roomIn)));
  }

  /** The same in the plainest form: every window there ever was, and no sweep. */
  private static final class Model {
    private record Window(long begin, long end, long times) {
      SeenOutcome seen() {
        return new SeenOutcome.Seen(times, begin, end);
      }
    }

    private final int max;
    private final WhenFull whenFull;
    private final Map<String, Window> windows = new HashMap<>();
    private int evicted;

    Model(int max, WhenFull whenFull) {
      this.max = max;
      this.whenFull = whenFull;
    }

    SeenOutcome see(SeenOperation.See see, long now) {
      String name = name(see.key());
      Window window = windows.get(name);
      if (window != null && now < window.end) {
        long end = see.extend() ? Math.max(window.end, now + see.ttl()) : window.end;
        window = new Window(window.begin, end, window.times + 1);
      } else {
        if (live(now) >= max) {
          Map.Entry<String, Window> soonest =
              windows.entrySet().stream()
                  .filter(each -> now < each.getValue().end)
                  .min((a, b) -> Long.compare(a.getValue().end, b.getValue().end))
                  .orElseThrow();
          if (whenFull == WhenFull.REFUSE) {
            return new SeenOutcome.Failed(
                new StoreFailure.Full(
                    "all " + max + " entries of this shard are in use",
                    Duration.ofNanos(soonest.getValue().end - now)));
          }
          windows.remove(soonest.getKey());
          evicted++;
        }
        window = new Window(now, now + see.ttl(), 1);
      }
      windows.put(name, window);
      return window.seen();
    }

    SeenOutcome peek(SeenKey key, long now) {
      Window window = windows.get(name(key));
      return window == null || now >= window.end ? UNKNOWN : window.seen();
    }

    SeenOutcome forget(SeenKey key, long now) {
      Window window = windows.remove(name(key));
      return window == null || now >= window.end ? UNKNOWN : new SeenOutcome.Forgotten();
    }

    boolean knew(SeenKey key) {
      return windows.containsKey(name(key));
    }

    long live(long now) {
      return windows.values().stream().filter(window -> now < window.end).count();
    }

    private static String name(SeenKey key) {
      return key.namespace() + "/" + key.key();
    }
  }
}
