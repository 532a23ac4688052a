package dev.sluice.market.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.market.MarketSettings.BreakerSettings;
import dev.sluice.market.model.BreakerState;
import dev.sluice.market.model.Loss;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final long MILLI = 1_000_000;

  private final Breaker breaker =
      new Breaker(
          new RateLimit(1_000, Duration.ofSeconds(1), 100),
          new BreakerSettings(
              Duration.ofMillis(500), 20, Duration.ofSeconds(1), Duration.ofSeconds(4), 10),
          0);

  private void admit(int many, long millis) {
    for (int i = 0; i < many; i++) {
      assertNull(breaker.admit(millis * MILLI));
    }
  }

  private void isolateAt(long millis) {
    admit(20, millis);
    breaker.verdict(0, 20, millis * MILLI);
    assertEquals(BreakerState.OPEN, breaker.state());
  }

  @Test
  void fewBadOnesAreBorne() {
    admit(60, 0);
    breaker.verdict(30, 19, 0);
    assertEquals(BreakerState.CLOSED, breaker.state());
    breaker.verdict(0, 11, 0); // 30 of 60
    assertEquals(BreakerState.OPEN, breaker.state());
  }

  @Test
  void badOnesOfAnotherWindowAreForgotten() {
    admit(40, 0);
    breaker.verdict(0, 19, 0);
    breaker.verdict(0, 19, 500 * MILLI);
    assertEquals(BreakerState.CLOSED, breaker.state());
  }

  @Test
  void isProbedAfterItsPauseAndClosedWhenAllProbesAreGood() {
    isolateAt(0);
    assertEquals(Loss.ISOLATED, breaker.admit(999 * MILLI));
    admit(10, 1_000);
    assertEquals(BreakerState.HALF_OPEN, breaker.state());
    assertEquals(Loss.ISOLATED, breaker.admit(1_000 * MILLI));
    breaker.verdict(9, 0, 1_001 * MILLI);
    assertEquals(BreakerState.HALF_OPEN, breaker.state());
    breaker.verdict(1, 0, 1_001 * MILLI);
    assertEquals(BreakerState.CLOSED, breaker.state());
    admit(1, 1_001);
  }

  @Test
  void oneBadProbeIsolatesItForTwiceAsLongUpToTheLongest() {
    isolateAt(0);
    long at = 1_000;
    for (long pause : new long[] {2_000, 4_000, 4_000}) {
      admit(1, at);
      breaker.verdict(0, 1, at * MILLI);
      assertEquals(Loss.ISOLATED, breaker.admit((at + pause - 1) * MILLI));
      at += pause;
    }
    admit(1, at);
  }

  @Test
  void thePauseIsTheFirstAgainWhenItWasWellForLong() {
    isolateAt(0);
    admit(10, 1_000);
    breaker.verdict(10, 0, 1_000 * MILLI);
    isolateAt(3_001); // two pauses later
    assertEquals(Loss.ISOLATED, breaker.admit(4_000 * MILLI));
    admit(1, 4_001);
  }

  @Test
  void isNotProbedWhileOldTicksAreNotJudged() {
    admit(41, 0);
    breaker.verdict(0, 20, 0);
    assertEquals(Loss.ISOLATED, breaker.admit(5_000 * MILLI));
    breaker.verdict(0, 21, 5_000 * MILLI);
    admit(1, 5_000);
    assertEquals(BreakerState.HALF_OPEN, breaker.state());
  }

  @Test
  void theCapIsExactAndWhatIsAboveIsDropped() {
    admit(100, 0);
    assertEquals(Loss.CAPPED, breaker.admit(0));
    admit(1, 1);
    assertEquals(Loss.CAPPED, breaker.admit(MILLI));
  }

  @Test
  void aFloodIsIsolated() {
    admit(100, 0);
    for (int i = 0; i < 99; i++) {
      assertEquals(Loss.CAPPED, breaker.admit(0));
    }
    assertEquals(BreakerState.CLOSED, breaker.state());
    assertEquals(Loss.CAPPED, breaker.admit(0)); // half of what it sent
    assertEquals(BreakerState.OPEN, breaker.state());
    assertEquals(Loss.ISOLATED, breaker.admit(0));
  }
}
