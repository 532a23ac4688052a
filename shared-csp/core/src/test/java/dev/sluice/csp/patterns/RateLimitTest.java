package dev.sluice.csp.patterns;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void takesTheExtremes() {
    assertDoesNotThrow(() -> new RateLimit(1, Duration.ofNanos(1), 1));
    assertDoesNotThrow(
        () -> new RateLimit(RateLimit.MAX_PERMITS, RateLimit.MAX_PER, RateLimit.MAX_PERMITS));
  }

  @Test
  void namesTheTermThatIsOutOfRange() {
    assertEquals("rate is 0, must be 1 to 1000000000", messageOf(0, SECOND, 1));
    assertEquals("rate is -5, must be 1 to 1000000000", messageOf(-5, SECOND, 1));
    assertEquals(
        "burst is 1000000001, must be 1 to 1000000000", messageOf(1, SECOND, 1_000_000_001));
    assertEquals(
        "per is PT0S, must be more than 0 and at most 366 days", messageOf(1, Duration.ZERO, 1));
    assertEquals(
        "per is PT-1S, must be more than 0 and at most 366 days",
        messageOf(1, SECOND.negated(), 1));
    assertEquals(
        "per is PT8808H, must be more than 0 and at most 366 days",
        messageOf(1, Duration.ofDays(367), 1));
  }

  @Test
  void refusesABucketThatWouldNotFillInACentury() {
    assertEquals(
        "burst is 1000000000, at this rate an empty bucket would not be full again within 100 years",
        messageOf(1, RateLimit.MAX_PER, RateLimit.MAX_PERMITS));
  }

  @Test
  void anEmptyBucketIsFullAgainAfterItsExactTimeRoundedUp() {
    assertEquals(SECOND, new RateLimit(3, SECOND, 3).fillTime());
    assertEquals(Duration.ofNanos(333_333_334), new RateLimit(3, SECOND, 1).fillTime());
    assertEquals(Duration.ofNanos(666_666_667), new RateLimit(3, SECOND, 2).fillTime());
    assertEquals(
        RateLimit.MAX_PER,
        new RateLimit(RateLimit.MAX_PERMITS, RateLimit.MAX_PER, RateLimit.MAX_PERMITS).fillTime());
  }

  private static String messageOf(long rate, Duration per, long burst) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> new RateLimit(rate, per, burst))
            .getMessage());
  }
}
