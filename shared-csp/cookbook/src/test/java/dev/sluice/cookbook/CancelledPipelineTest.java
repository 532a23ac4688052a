package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class CancelledPipelineTest {
  @Test
  void theStagesDoTheirWork() throws InterruptedException {
    assertEquals(
        List.of(4L, 9L, 25L, 49L, 121L, 169L, 289L, 361L, 529L, 841L),
        CancelledPipeline.squaresOfPrimes(10));
  }

  /**
   * No time passes on this clock: to end, no stage waits for any. The program measures the rest.
   */
  @RepeatedTest(50)
  void cancelledMidStreamAllStagesEndAndNoneIsLeft() throws InterruptedException {
    var clock = new VirtualClock();
    assertEquals(Duration.ZERO, CancelledPipeline.timeToEnd(20, clock));
    assertEquals(0, clock.alarms());
  }

  @Test
  void cancelledBeforeTheFirstValueToo() throws InterruptedException {
    assertEquals(Duration.ZERO, CancelledPipeline.timeToEnd(0, new VirtualClock()));
  }
}
