package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@NoLeaks
class TickerLoopTest {
  private static final int LOOP_AND_STOP = 2;

  private final VirtualClock clock = new VirtualClock();
  private final Channel<Instant> shown = Channel.rendezvous();

  @Test
  void showsTheTimeTenTimesInTwoSecondsAndIsStoppedByATimer() throws InterruptedException {
    showsTheTimeTenTimes(TickerLoop::untilTimer);
  }

  @Test
  void aDeadlineSwapsInForTheTimer() throws InterruptedException {
    showsTheTimeTenTimes(TickerLoop::untilDeadline);
  }

  private interface Stopping {
    void run(Clock clock, SendChannel<Instant> shown) throws InterruptedException;
  }

  private void showsTheTimeTenTimes(Stopping stopping) throws InterruptedException {
    try (var test = Scope.open("test")) {
      test.start("program", () -> stopping.run(clock, shown));
      clock.awaitAlarms(LOOP_AND_STOP);
      for (int tick = 1; tick <= 10; tick++) {
        assertNull(shown.tryReceive());
        clock.advance(TickerLoop.PERIOD);
        Instant due = VirtualClock.EPOCH.plus(TickerLoop.PERIOD.multipliedBy(tick));
        assertEquals(due, shown.receive());
      }
      assertEquals(Duration.ofSeconds(2), Duration.between(VirtualClock.EPOCH, clock.instant()));
      clock.advance(TickerLoop.PERIOD.dividedBy(2));
      test.join(); // it is stopped
      assertEquals(0, clock.alarms(), "the ticker is stopped too");
    }
  }
}
