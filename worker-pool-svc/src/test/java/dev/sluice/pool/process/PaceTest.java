package dev.sluice.pool.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.model.Submitted;
import dev.sluice.store.EpochClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final VirtualClock clock = new VirtualClock();
  private final Paces paces = new Paces(new EpochClock(clock));

  @Test
  void ofAQueueThatNothingIsKnownOfItIsTheLeast() {
    assertEquals(SECOND, paces.until("q", 1));
    assertEquals(SECOND, paces.until("q", 1_000_000));
  }

  @Test
  void isAsLongAsSoManyTookLately() {
    end("q", 300, SECOND.multipliedBy(2));

    assertBetween(1_900, 2_100, paces.until("q", 1));
    assertBetween(9_500, 10_500, paces.until("q", 5));
  }

  @Test
  void isRightFromTheBeginning() {
    end("q", 6, SECOND.multipliedBy(5));

    assertBetween(4_000, 5_500, paces.until("q", 1));
  }

  @Test
  void followsAChangeOfPace() {
    end("q", 300, SECOND.multipliedBy(10));
    assertBetween(9_000, 11_000, paces.until("q", 1));
    end("q", 300, SECOND);
    assertBetween(4_500, 5_500, paces.until("q", 5));
  }

  @Test
  void isASecondAtLeastAndAMinuteAtMost() {
    end("q", 1_000, Duration.ofMillis(1));
    assertEquals(SECOND, paces.until("q", 1));
    assertEquals(MINUTE, paces.until("q", Long.MAX_VALUE));
  }

  @Test
  void growsWhileNothingEnds() {
    end("q", 60, SECOND);
    assertBetween(1_000, 1_100, paces.until("q", 1));
    clock.advance(MINUTE.multipliedBy(2));
    assertBetween(10_500, 11_500, paces.until("q", 1));
    clock.advance(Duration.ofDays(400));
    assertEquals(MINUTE, paces.until("q", 1));
  }

  @Test
  void queuesAreToldApart() {
    end("slow", 20, SECOND.multipliedBy(20));
    end("fast", 100, Duration.ofMillis(10));
    assertEquals(SECOND, paces.until("fast", 1));
    assertBetween(15_000, 25_000, paces.until("slow", 1));
  }

  @Test
  void theQueueThatHasEndedNoJobForTheLongestIsForgotten() {
    end("first", 2, SECOND.multipliedBy(30));
    end("second", 2, SECOND.multipliedBy(30));
    end("first", 1, SECOND.multipliedBy(30));
    for (int i = 0; i < Paces.KEPT - 1; i++) {
      paces.ended("other-" + i);
    }
    assertEquals(SECOND, paces.until("second", 1));
    assertTrue(paces.until("first", 1).compareTo(SECOND) > 0);
  }

  @Test
  void howManyHaveToEndFirst() {
    assertEquals(1, new Submitted.Full(3, 3, 9, 1_000).endsUntilRoom(3));
    assertEquals(9, new Submitted.Full(11, 3, 33, 1_000).endsUntilRoom(3));
    assertEquals(4, new Submitted.Full(10, 100, 1_000, 1_000).endsUntilRoom(350));
    assertEquals(1, new Submitted.Full(0, 3, 0, 0).endsUntilRoom(0));
  }

  private void end(String queue, int times, Duration apart) {
    for (int i = 0; i < times; i++) {
      clock.advance(apart);
      paces.ended(queue);
    }
  }

  private static void assertBetween(long least, long most, Duration actual) {
    long millis = actual.toMillis();
    assertTrue(least <= millis && millis <= most, actual::toString);
  }
}
