package dev.sluice.pool.process.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.model.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JobRateTest {
  private static final Rate TEN_A_SECOND = new Rate(10, Duration.ofSeconds(1), 2);

  private final VirtualClock clock = new VirtualClock();
  private final JobRate rate = new JobRate(TEN_A_SECOND, clock);

  @Test
  void givesABurstAndThenTheRate() {
    assertEquals(2, rate.available());
    assertEquals(Duration.ZERO, rate.tryTake());
    assertEquals(Duration.ZERO, rate.tryTake());
    assertEquals(Duration.ofMillis(100), rate.tryTake());
    assertEquals(0, rate.available());

    clock.advance(Duration.ofMillis(60));
    assertEquals(Duration.ofMillis(40), rate.tryTake());
    clock.advance(Duration.ofMillis(40));
    assertEquals(Duration.ZERO, rate.untilNext());
    assertEquals(Duration.ZERO, rate.tryTake());
    assertEquals(Duration.ofMillis(100), rate.untilNext());
  }

  @Test
  void takesWhatIsGivenBack() {
    rate.tryTake();
    rate.tryTake();
    rate.giveBack();
    assertEquals(1, rate.available());
    rate.giveBack();
    rate.giveBack();
    assertEquals(2, rate.available(), "never more than the burst");
    assertTrue(rate.isFresh());
  }

  @Test
  void hasNoLimitWithoutARate() {
    var free = new JobRate(null, clock);
    for (int i = 0; i < 100; i++) {
      assertEquals(Duration.ZERO, free.tryTake());
    }
    free.giveBack();
    assertEquals(Integer.MAX_VALUE, free.available());
    assertEquals(Duration.ZERO, free.untilNext());
    assertTrue(free.isFresh());
  }

  @Test
  void goesOnWhenTheSameRateIsSetAgain() {
    rate.tryTake();
    rate.change(new Rate(10, Duration.ofSeconds(1), 2));
    assertEquals(1, rate.available());
    assertFalse(rate.isFresh());
  }

  @Test
  void beginsAnewWithAnotherRate() {
    rate.tryTake();
    rate.change(new Rate(1, Duration.ofMinutes(1), 1));
    assertEquals(Duration.ZERO, rate.tryTake());
    assertEquals(Duration.ofMinutes(1), rate.tryTake());

    rate.change(null);
    assertEquals(Duration.ZERO, rate.tryTake());
  }
}
