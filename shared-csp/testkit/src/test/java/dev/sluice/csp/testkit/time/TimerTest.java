package dev.sluice.csp.testkit.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Timer;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
class TimerTest {
  private static final Duration DELAY = Duration.ofSeconds(3);
  private static final Duration TICK = Duration.ofNanos(1);

  private final VirtualClock clock = new VirtualClock();

  @Test
  void theTimeArrivesOnceAfterTheDelayAndNotBefore() {
    var timer = Timer.start(DELAY, clock);
    clock.advance(DELAY.minus(TICK));
    assertNull(timer.channel().tryReceive());
    clock.advance(TICK);
    assertEquals(VirtualClock.EPOCH.plus(DELAY), timer.channel().tryReceive());
    clock.advance(DELAY.multipliedBy(10));
    assertNull(timer.channel().tryReceive());
    assertFalse(timer.channel().isClosedForReceive());
    assertEquals(0, clock.alarms());
  }

  @Test
  void theTimeIsThatAtWhichItWasDueHoweverLateItIsReceived() {
    var timer = Timer.start(DELAY, clock);
    clock.advance(DELAY.multipliedBy(10));
    assertEquals(VirtualClock.EPOCH.plus(DELAY), timer.channel().tryReceive());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void zeroOrLessIsDueAtOnce(long seconds) {
    var timer = Timer.start(Duration.ofSeconds(seconds), clock);
    assertEquals(VirtualClock.EPOCH, timer.channel().tryReceive());
    assertEquals(0, clock.alarms());
  }

  @Test
  void stoppedItNeverArrivesAndNothingIsHeld() {
    var timer = Timer.start(DELAY, clock);
    assertEquals(1, clock.alarms());
    assertTrue(timer.stop());
    assertEquals(0, clock.alarms());
    clock.advance(DELAY.multipliedBy(2));
    assertNull(timer.channel().tryReceive());
    assertFalse(timer.stop());
  }

  @Test
  void stoppedBeforeItsTimeIsReceivedItIsForgotten() {
    var timer = Timer.start(DELAY, clock);
    clock.advance(DELAY);
    assertTrue(timer.stop());
    assertNull(timer.channel().tryReceive());
    assertFalse(timer.stop());
  }

  @Test
  void stoppingAfterTheTimeIsReceivedMakesNoDifference() {
    var timer = Timer.start(DELAY, clock);
    clock.advance(DELAY);
    assertEquals(VirtualClock.EPOCH.plus(DELAY), timer.channel().tryReceive());
    assertFalse(timer.stop());
  }

  @Test
  void stoppingOneThatWasDueAtOnceAndIsReceivedMakesNoDifference() {
    var timer = Timer.start(Duration.ZERO, clock);
    assertEquals(VirtualClock.EPOCH, timer.channel().tryReceive());
    assertFalse(timer.stop());
    assertFalse(timer.reset(Duration.ZERO));
    assertEquals(VirtualClock.EPOCH, timer.channel().tryReceive());
  }

  @Test
  void closeStops() {
    try (var timer = Timer.start(DELAY, clock)) {
      assertEquals(1, clock.alarms());
      assertNull(timer.channel().tryReceive());
    }
    assertEquals(0, clock.alarms());
  }

  @Test
  void resetCountsAnew() {
    var timer = Timer.start(DELAY, clock);
    clock.advance(DELAY.minus(TICK));
    assertTrue(timer.reset(DELAY));
    assertEquals(1, clock.alarms());
    clock.advance(DELAY.minus(TICK));
    assertNull(timer.channel().tryReceive());
    clock.advance(TICK);
    assertEquals(
        VirtualClock.EPOCH.plus(DELAY.multipliedBy(2)).minus(TICK), timer.channel().tryReceive());
  }

  @Test
  void resetForgetsATimeThatNobodyHasReceived() {
    var timer = Timer.start(DELAY, clock);
    clock.advance(DELAY);
    assertTrue(timer.reset(DELAY));
    assertNull(timer.channel().tryReceive());
    clock.advance(DELAY);
    assertEquals(VirtualClock.EPOCH.plus(DELAY.multipliedBy(2)), timer.channel().tryReceive());
  }

  @Test
  void itIsSetAgainAfterItHasRung() {
    var timer = Timer.start(DELAY, clock);
    for (int i = 1; i <= 3; i++) {
      clock.advance(DELAY);
      assertEquals(VirtualClock.EPOCH.plus(DELAY.multipliedBy(i)), timer.channel().tryReceive());
      assertFalse(timer.reset(DELAY));
    }
  }

  @Test
  void anAlarmThatRingsAllTheSameAfterAResetDoesNothing() {
    var timer = Timer.start(DELAY, withoutCancel(clock));
    timer.reset(DELAY.multipliedBy(2));
    clock.advance(DELAY);
    assertNull(timer.channel().tryReceive());
    clock.advance(DELAY);
    assertEquals(VirtualClock.EPOCH.plus(DELAY.multipliedBy(2)), timer.channel().tryReceive());
    timer.reset(DELAY);
    timer.stop();
    clock.advance(DELAY);
    assertNull(timer.channel().tryReceive());
  }

  @Test
  void anAlarmThatRingsAfterThatOfAnEarlierTimeDoesNothing() {
    var timer = Timer.start(DELAY.multipliedBy(2), withoutCancel(clock));
    timer.reset(DELAY);
    clock.advance(DELAY);
    assertEquals(VirtualClock.EPOCH.plus(DELAY), timer.channel().tryReceive());
    clock.advance(DELAY);
    assertNull(timer.channel().tryReceive());
  }

  @Test
  void afterIsATimerThatNobodyStops() throws Exception {
    var after = Timer.after(DELAY, clock);
    clock.advance(DELAY);
    assertEquals(VirtualClock.EPOCH.plus(DELAY), after.receive());
  }

  @Test
  void whoWaitsIsWoken() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Instant> seen = scope.channel("seen", 1);
      scope.start("waits", () -> seen.send(Timer.after(DELAY, clock).receive()));
      clock.awaitAlarms(1);
      clock.advance(DELAY);
      assertEquals(VirtualClock.EPOCH.plus(DELAY), seen.receive());
    }
  }

  @Test
  void aSelectTakesItAsAnyChannel() throws Exception {
    var timer = Timer.start(DELAY, clock);
    var select = Select.fair(clock);
    select.receive(Channel.<Integer>rendezvous());
    var rang = select.receive(timer.channel());
    clock.advance(DELAY);
    assertSame(rang, select.await());
    assertEquals(VirtualClock.EPOCH.plus(DELAY), rang.value());
  }

  @Test
  void stopRacingTheAlarmLeavesNothing() throws Exception {
    for (int round = 0; round < 1_000; round++) {
      var timer = Timer.start(DELAY, clock);
      try (var scope = Scope.open("scope")) {
        scope.start("clock", () -> clock.advance(DELAY));
        assertTrue(timer.stop());
        scope.join();
      }
      assertNull(timer.channel().tryReceive());
      assertEquals(0, clock.alarms());
    }
  }

  /** A clock that rings even those alarms that are cancelled, as if each had just begun to ring. */
  private static Clock withoutCancel(Clock clock) {
    return new Clock() {
      @Override
      public long nanos() {
        return clock.nanos();
      }

      @Override
      public Instant instant() {
        return clock.instant();
      }

      @Override
      public Alarm schedule(long atNanos, Runnable action) {
        clock.schedule(atNanos, action);
        return () -> {};
      }
    };
  }
}
