package dev.sluice.csp.testkit.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NoLeaks
class HeartbeatMonitorTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration HALF = INTERVAL.dividedBy(2);

  private final VirtualClock clock = new VirtualClock();
  private Scope scope;
  private HeartbeatMonitor monitor;

  @BeforeEach
  void start() throws InterruptedException {
    scope = Scope.open("test", clock);
    monitor = HeartbeatMonitor.start(scope, "hearts", INTERVAL);
    clock.awaitAlarms(1);
  }

  @AfterEach
  void stop() {
    scope.close();
  }

  @Test
  void twoMissedBeatsMakeAProcessStuck() throws InterruptedException {
    Heartbeat heart = monitor.watch("worker");
    heart.beat();

    clock.advance(INTERVAL.multipliedBy(2).minusNanos(1));
    assertFalse(pulse().stuck());
    clock.advance(Duration.ofNanos(1));
    assertEquals(new Pulse("worker", INTERVAL.multipliedBy(2), true), pulse());
  }

  @Test
  void whoNeverBeatsIsStuckToo() throws InterruptedException {
    monitor.watch("worker");
    assertFalse(pulse().stuck());

    clock.advance(INTERVAL.multipliedBy(2));

    assertTrue(pulse().stuck());
  }

  @Test
  void namesTheStuckWithinTwoAndAHalfIntervals() throws InterruptedException {
    Heartbeat heart = monitor.watch("worker");
    clock.advance(HALF.dividedBy(2)); // not in step with the monitor
    heart.beat();
    pulse();

    for (int step = 0; step < 5; step++) {
      clock.advance(HALF);
    }

    Pulse stuck = monitor.stuck().receive();
    assertEquals("worker", stuck.name());
    assertTrue(
        stuck.sinceLastBeat().compareTo(INTERVAL.multipliedBy(5).dividedBy(2)) <= 0,
        stuck.toString());
  }

  @Test
  void raisesNoFalseAlarmInAHundredThousandBeats() throws InterruptedException {
    Heartbeat heart = monitor.watch("worker");
    for (int beat = 0; beat < 100_000; beat++) {
      clock.advance(INTERVAL);
      heart.beat();
      assertFalse(pulse().stuck());
    }
    assertNull(monitor.stuck().tryReceive());
  }

  @Test
  void aStuckProcessThatBeatsAgainIsWellAndIsNamedAgainNextTime() throws InterruptedException {
    Heartbeat heart = monitor.watch("worker");
    pulse(); // the monitor knows of it
    for (int time = 0; time < 3; time++) {
      clock.advance(INTERVAL.multipliedBy(3));
      assertEquals("worker", monitor.stuck().receive().name());
      heart.beat();
      assertFalse(pulse().stuck());
    }
    assertNull(monitor.stuck().tryReceive());
  }

  @Test
  void theLatestBeatCountsWhenTheMonitorWasBusy() throws InterruptedException {
    Heartbeat heart = monitor.watch("worker");
    for (int beat = 0; beat < 10; beat++) {
      clock.advance(INTERVAL);
      heart.beat(); // the monitor may or may not have looked meanwhile
    }

    assertEquals(Duration.ZERO, pulse().sinceLastBeat());
  }

  @Test
  void whoIsForgottenIsNotStuck() throws InterruptedException {
    Heartbeat heart = monitor.watch("worker");
    monitor.forget(heart);

    clock.advance(INTERVAL.multipliedBy(10));

    assertEquals(List.of(), monitor.pulses().await());
  }

  @Test
  void theIntervalIsAMillisecondOrMore() {
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(999_999))) {
      assertThrows(
          IllegalArgumentException.class, () -> HeartbeatMonitor.start(scope, "other", wrong));
    }
    HeartbeatMonitor.start(scope, "other", Duration.ofMillis(1));
  }

  private Pulse pulse() throws InterruptedException {
    return monitor.pulses().await().getFirst();
  }
}
