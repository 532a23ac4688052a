package dev.sluice.dedup.store;

import static dev.sluice.dedup.store.SeenDriver.extend;
import static dev.sluice.dedup.store.SeenDriver.key;
import static dev.sluice.dedup.store.SeenDriver.see;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What every engine must do, by whatever clock it goes. Most windows are so long that none ends
 * meanwhile; where one must, {@link #passTo} waits for it or moves the clock. Namespaces are new in
 * each test, so that an engine may keep what others have left.
 */
abstract class SeenStoreContract {
  private static final SeenOutcome UNKNOWN = new SeenOutcome.Unknown();
  private static final SeenOutcome FORGOTTEN = new SeenOutcome.Forgotten();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final String namespace = "test:" + UUID.randomUUID();
  private final SeenKey key = key(namespace, "k");

  /** Drives the store under test, which has room for 10,000 keys at least. */
  abstract SeenDriver driver();

  /**
   * Lets the engine's clock reach an instant: moves it, or waits.
   *
   * @param instant nanoseconds since 1970, by the engine's clock
   */
  abstract void passTo(long instant);

  @Test
  void theFirstOpensAWindowOfItsTtlAndTheOthersAreCounted() {
    SeenOutcome.Seen first = driver().seen(see(key, HOUR));

    assertEquals(1, first.times());
    assertEquals(HOUR.toNanos(), first.expiresAt() - first.firstSeenAt());
    for (int times = 2; times <= 4; times++) {
      assertEquals(
          new SeenOutcome.Seen(times, first.firstSeenAt(), first.expiresAt()),
          driver().seen(see(key, HOUR)));
    }
  }

  @Test
  void theTtlOfFurtherTimesPlaysNoPart() {
    SeenOutcome.Seen first = driver().seen(see(key, HOUR));

    assertEquals(first.expiresAt(), driver().seen(see(key, Duration.ofDays(9))).expiresAt());
    assertEquals(first.expiresAt(), driver().seen(see(key, Duration.ofMillis(1))).expiresAt());
    assertEquals(4, driver().seen(see(key, HOUR)).times());
  }

  @Test
  void whoComesWhenTheWindowHasEndedIsFirstAgain() {
    SeenOutcome.Seen first = driver().seen(see(key, SHORT));
    passTo(first.expiresAt());

    assertEquals(UNKNOWN, driver().peek(key));
    assertEquals(UNKNOWN, driver().forget(key));
    SeenOutcome.Seen again = driver().seen(see(key, HOUR));
    assertEquals(1, again.times());
    assertTrue(again.firstSeenAt() >= first.expiresAt(), () -> first + ", then " + again);
    assertEquals(2, driver().seen(see(key, HOUR)).times());
  }

  @Test
  void anExtendedWindowLastsItsTtlFromNowAndNeverEndsEarlier() {
    SeenOutcome.Seen first = driver().seen(extend(key, HOUR));
    assertEquals(HOUR.toNanos(), first.expiresAt() - first.firstSeenAt());
    passTo(first.firstSeenAt() + Duration.ofMillis(20).toNanos());

    SeenOutcome.Seen longer = driver().seen(extend(key, HOUR.multipliedBy(2)));
    assertEquals(2, longer.times());
    assertEquals(first.firstSeenAt(), longer.firstSeenAt());
    long beyond = longer.expiresAt() - first.firstSeenAt();
    assertTrue(
        beyond >= HOUR.multipliedBy(2).plusMillis(20).toNanos()
            && beyond < HOUR.multipliedBy(2).plusMinutes(5).toNanos(),
        () -> first + ", then " + longer);

    assertEquals(longer.expiresAt(), driver().seen(extend(key, HOUR)).expiresAt());
    assertEquals(longer.expiresAt(), driver().seen(see(key, HOUR)).expiresAt());
    assertEquals(4, seen(driver().peek(key)).times());
  }

  @Test
  void anExtendedWindowOutlivesItsFirstEnd() {
    SeenOutcome.Seen first = driver().seen(see(key, SHORT));
    driver().seen(extend(key, HOUR));
    passTo(first.expiresAt());

    assertEquals(3, driver().seen(see(key, HOUR)).times());
    assertEquals(1, driver().count(namespace));
  }

  @Test
  void peekTellsAndCountsNothing() {
    assertEquals(UNKNOWN, driver().peek(key));
    assertEquals(UNKNOWN, driver().peek(key));
    SeenOutcome.Seen first = driver().seen(see(key, HOUR));

    assertEquals(first, driver().peek(key));
    assertEquals(first, driver().peek(key));
    assertEquals(2, driver().seen(see(key, HOUR)).times());
  }

  @Test
  void whoComesAfterForgetIsFirstAgain() {
    assertEquals(UNKNOWN, driver().forget(key));
    driver().seen(see(key, HOUR));
    driver().seen(see(key, HOUR));

    assertEquals(FORGOTTEN, driver().forget(key));
    assertEquals(UNKNOWN, driver().peek(key));
    assertEquals(UNKNOWN, driver().forget(key));
    SeenOutcome.Seen again = driver().seen(see(key, HOUR.multipliedBy(2)));
    assertEquals(1, again.times());
    assertEquals(HOUR.multipliedBy(2).toNanos(), again.expiresAt() - again.firstSeenAt());
  }

  @Test
  void whatDiffersIsNotTheSame() {
    String other = namespace + "2";
    List<SeenKey> keys =
        List.of(
            key,
            key(other, "k"),
            key(namespace, "2k"),
            key(namespace, "K"),
            key(namespace, "k "),
            key(namespace, "k\u0000"),
            key(namespace, "k\t{k}"),
            key(namespace, "{k}"),
            key(namespace, "\u00e9"),
            key(namespace, "e\u0301"),
            key(namespace, "\ud83d\ude00"),
            key(namespace, "k".repeat(1_023)),
            key(namespace, "k".repeat(1_024)));
    for (SeenKey each : keys) {
      assertEquals(1, driver().seen(see(each, HOUR)).times(), each::key);
    }
    for (SeenKey each : keys) {
      assertEquals(2, driver().seen(see(each, HOUR)).times(), each::key);
    }
    assertEquals(keys.size() - 1, driver().count(namespace));
    assertEquals(1, driver().count(other));
  }

  @Test
  void countsTheKeysOfANamespace() {
    assertEquals(0, driver().count(namespace));
    for (int i = 0; i < 10; i++) {
      driver().seen(see(key(namespace, "k" + i), HOUR));
      driver().seen(extend(key(namespace, "k" + i), HOUR.multipliedBy(3)));
    }
    driver().seen(see(key(namespace + "'s neighbour", "k"), HOUR));

    assertEquals(10, driver().count(namespace));
    driver().forget(key(namespace, "k3"));
    assertEquals(9, driver().count(namespace));
    driver().seen(see(key(namespace, "k3"), HOUR));
    assertEquals(10, driver().count(namespace));
  }

  @Test
  void whatHasEndedIsNotCountedForLong() {
    SeenOutcome.Seen last = null;
    for (int i = 0; i < 10; i++) {
      last = driver().seen(see(key(namespace, "k" + i), SHORT));
    }
    driver().seen(see(key(namespace, "stays"), HOUR));
    passTo(last.expiresAt());

    driver().until("one key is left", () -> driver().count(namespace) == 1);
    assertEquals(1, driver().seen(see(key(namespace, "k0"), HOUR)).times());
    assertEquals(2, driver().count(namespace));
  }

  @Test
  void aBatchTakesEffectInItsOrder() {
    List<SeenOutcome> outcomes =
        driver()
            .askAll(
                List.of(
                    new SeenOperation.Peek(key),
                    see(key, HOUR),
                    see(key, HOUR),
                    new SeenOperation.Peek(key),
                    new SeenOperation.Forget(key),
                    new SeenOperation.Peek(key),
                    see(key, HOUR),
                    see(key, HOUR),
                    see(key, HOUR)));

    assertEquals(UNKNOWN, outcomes.get(0));
    assertEquals(1, seen(outcomes.get(1)).times());
    assertEquals(2, seen(outcomes.get(2)).times());
    assertEquals(outcomes.get(2), outcomes.get(3));
    assertEquals(FORGOTTEN, outcomes.get(4));
    assertEquals(UNKNOWN, outcomes.get(5));
    assertEquals(
        List.of(1L, 2L, 3L),
        outcomes.subList(6, 9).stream().map(each -> seen(each).times()).toList());
  }

  @Test
  void ofAThousandInOneBatchOneIsFirst() {
    List<SeenOutcome> outcomes =
        driver().askAll(IntStream.range(0, 1_000).mapToObj(_ -> see(key, HOUR)).toList());

    assertEquals(
        LongStream.rangeClosed(1, 1_000).boxed().toList(),
        outcomes.stream().map(each -> seen(each).times()).toList());
  }

  @Test
  void thousandsOfKeysAreEachFirstOnce() {
    List<SeenOperation.See> all =
        IntStream.range(0, 4_000).mapToObj(i -> see(key(namespace, "key-" + i), HOUR)).toList();

    assertTrue(driver().askAll(all).stream().allMatch(each -> seen(each).times() == 1));
    assertTrue(driver().askAll(all).stream().allMatch(each -> seen(each).times() == 2));
    assertEquals(4_000, driver().count(namespace));
  }

  @Test
  void whateverIsAskedTheAnswersAreThoseOfAPlainMap() {
    var random = new SplittableRandom(7);
    Map<String, Long> times = new HashMap<>();
    for (int round = 0; round < 40; round++) {
      var operations = new ArrayList<SeenOperation>();
      var expected = new ArrayList<Long>(); // how often seen; 0: unknown; -1: forgotten
      for (int i = 0; i < 25; i++) {
        String name = "k" + random.nextInt(12);
        SeenKey chosen = key(namespace, name);
        long before = times.getOrDefault(name, 0L);
        switch (random.nextInt(8)) {
          case 0 -> {
            operations.add(new SeenOperation.Forget(chosen));
            expected.add(times.remove(name) == null ? 0L : -1L);
          }
          case 1 -> {
            operations.add(new SeenOperation.Peek(chosen));
            expected.add(before);
          }
          case 2 -> {
            operations.add(extend(chosen, HOUR.plusSeconds(random.nextInt(1_000))));
            expected.add(before + 1);
            times.put(name, before + 1);
          }
          default -> {
            operations.add(see(chosen, HOUR));
            expected.add(before + 1);
            times.put(name, before + 1);
          }
        }
      }
      assertEquals(
          expected, driver().askAll(operations).stream().map(SeenStoreContract::plain).toList());
      assertEquals(times.size(), driver().count(namespace));
    }
  }

  private static long plain(SeenOutcome outcome) {
    return switch (outcome) {
      case SeenOutcome.Seen seen -> seen.times();
      case SeenOutcome.Unknown() -> 0;
      case SeenOutcome.Forgotten() -> -1;
      case SeenOutcome.Counted _, SeenOutcome.Failed _ -> throw new AssertionError(outcome);
    };
  }

  static SeenOutcome.Seen seen(SeenOutcome outcome) {
    if (outcome instanceof SeenOutcome.Seen seen) {
      return seen;
    }
    throw new AssertionError("not seen: " + outcome);
  }
}
