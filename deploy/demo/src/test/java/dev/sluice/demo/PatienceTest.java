package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@NoLeaks
class PatienceTest {

  private final VirtualClock clock = new VirtualClock();
  private final Patience patience = new Patience(Duration.ofSeconds(10), Stopwatch.start(clock));

  @Test
  void aPauseTakesAsLongAsItIsToldTo() throws InterruptedException {
    var waited = new Reply<Duration>();
    try (var scope = Scope.open("test", clock)) {
      scope.start(
          "waiting",
          () -> {
            assertTrue(patience.pause(Duration.ofSeconds(4)));
            waited.complete(patience.watch().elapsed());
          });
      clock.awaitAlarms(1);
      clock.advance(Duration.ofSeconds(4));
      scope.join();
    }
    assertEquals(Duration.ofSeconds(4), waited.await());
  }

  @Test
  void aPauseThatEndsAfterThePatienceIsNotBegun() throws InterruptedException {
    clock.advance(Duration.ofSeconds(7));

    assertFalse(patience.pause(Duration.ofMillis(3_001)));
    assertEquals(0, clock.alarms());
  }

  @Test
  void itIsOverWhenItsTimeHasPassed() {
    clock.advance(Duration.ofSeconds(10));
    assertFalse(patience.isOver());

    clock.advance(Duration.ofNanos(1));
    assertTrue(patience.isOver());
  }
}
