package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void takesTheExtremes() {
    assertDoesNotThrow(() -> new Limit.TokenBucket(1, Duration.ofNanos(1), 1));
    assertDoesNotThrow(
        () -> new Limit.TokenBucket(Limit.MAX_PERMITS, Limit.MAX_PER, Limit.MAX_PERMITS));
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
        messageOf(1, Limit.MAX_PER, Limit.MAX_PERMITS));
  }

  private static String messageOf(long rate, Duration per, long burst) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> new Limit.TokenBucket(rate, per, burst))
            .getMessage());
  }
}
