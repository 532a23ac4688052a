package dev.sluice.pool.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration CAP = Duration.ofMinutes(10);

  private final Backoff backoff = new Backoff(CAP, new SplittableRandom(3));

  @Test
  void doublesWithEachFailureAndLiesBetweenHalfAndAllOfThat() {
    for (int failures = 1; failures <= 12; failures++) {
      Duration whole = Duration.ofMillis(100L << (failures - 1));
      for (int i = 0; i < 1_000; i++) {
        assertBetweenHalfAndAll(whole, backoff.after(Duration.ofMillis(100), failures));
      }
    }
  }

  @Test
  void isCappedHoweverOftenItFailed() {
    for (int failures : new int[] {14, 40, 63, 64, 65, 100, 1_000_000}) {
      assertBetweenHalfAndAll(CAP, backoff.after(Duration.ofMillis(100), failures));
    }
  }

  @Test
  void ofNothingIsNothing() {
    assertEquals(Duration.ZERO, backoff.after(Duration.ZERO, 1));
    assertEquals(Duration.ZERO, backoff.after(Duration.ZERO, 100));
  }

  @Test
  void usesTheWholeRange() {
    long longest = 0;
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 10_000; i++) {
      long nanos = backoff.after(Duration.ofMillis(100), 1).toNanos();
      longest = Math.max(longest, nanos);
      shortest = Math.min(shortest, nanos);
    }
    assertTrue(shortest < 51_000_000, "shortest " + shortest);
    assertTrue(longest > 99_000_000, "longest " + longest);
  }

  @Test
  void capsATargetsWish() {
    assertEquals(Duration.ofSeconds(3), backoff.capped(Duration.ofSeconds(3)));
    assertEquals(CAP, backoff.capped(Duration.ofDays(300)));
  }

  private static void assertBetweenHalfAndAll(Duration whole, Duration delay) {
    assertTrue(
        delay.compareTo(whole.dividedBy(2)) >= 0 && delay.compareTo(whole) <= 0,
        delay + " of " + whole);
  }
}
