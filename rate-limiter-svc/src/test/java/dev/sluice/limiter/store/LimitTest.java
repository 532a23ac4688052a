package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The bounds of a token bucket are {@code RateLimit}'s, and tested there. */
class LimitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void takesTheExtremes() {
    assertDoesNotThrow(() -> new Limit.SlidingWindow(1, Duration.ofNanos(1)));
    assertDoesNotThrow(() -> new Limit.SlidingWindow(Limit.MAX_PERMITS, Limit.MAX_PER));
    assertDoesNotThrow(() -> new Limit.FixedWindow(1, CalendarUnit.SECOND));
    assertDoesNotThrow(() -> new Limit.FixedWindow(Limit.MAX_PERMITS, CalendarUnit.YEAR));
  }

  @Test
  void namesTheTermThatIsOutOfRange() {
    assertEquals(
        "burst is 0, must be 1 to 1000000000", refusal(() -> new Limit.TokenBucket(1, SECOND, 0)));
    for (long rate : new long[] {-5, 0, 1_000_000_001}) {
      String message = "rate is " + rate + ", must be 1 to 1000000000";
      assertEquals(message, refusal(() -> new Limit.SlidingWindow(rate, SECOND)));
      assertEquals(message, refusal(() -> new Limit.FixedWindow(rate, CalendarUnit.DAY)));
    }
    assertEquals(
        "per is PT0S, must be more than 0 and at most 366 days",
        refusal(() -> new Limit.SlidingWindow(1, Duration.ZERO)));
    assertEquals(
        "per is PT8808H, must be more than 0 and at most 366 days",
        refusal(() -> new Limit.SlidingWindow(1, Duration.ofDays(367))));
  }

  private static String refusal(Executable terms) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, terms).getMessage());
  }
}
