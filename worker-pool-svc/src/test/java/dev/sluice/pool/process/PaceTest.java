package dev.sluice.pool.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace(4);

  @Test
  void isASecondBeforeAnythingIsKnown() {
    assertEquals(Duration.ofSeconds(1), pace.untilFree(1));
    assertEquals(Duration.ofSeconds(1), pace.untilFree(1_000_000));
  }

  @Test
  void isTheShareOfAnAttemptForEachPlace() {
    pace.attemptTook(Duration.ofSeconds(10).toNanos());

    assertEquals(Duration.ofMillis(2_500), pace.untilFree(1));
    assertEquals(Duration.ofMillis(7_500), pace.untilFree(3));
  }

  @Test
  void isFromASecondToAMinute() {
    pace.attemptTook(1);
    assertEquals(Duration.ofSeconds(1), pace.untilFree(1));

    pace.attemptTook(Duration.ofMinutes(10).toNanos());
    assertEquals(Duration.ofMinutes(1), pace.untilFree(Integer.MAX_VALUE));
  }

  @Test
  void followsWhatAttemptsTakeNow() {
    pace.attemptTook(Duration.ofSeconds(8).toNanos());
    pace.attemptTook(Duration.ofSeconds(16).toNanos());
    assertEquals(Duration.ofMillis(2_250), pace.untilFree(1)); // 8 + (16 - 8) / 8 is 9 seconds

    for (int i = 0; i < 100; i++) {
      pace.attemptTook(Duration.ofSeconds(40).toNanos());
    }
    assertEquals(Duration.ofSeconds(10), pace.untilFree(1));
  }
}
