package dev.sluice.csp.testkit.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Ticker;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
class TickerTest {
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final Duration TICK = Duration.ofNanos(1);

  private final VirtualClock clock = new VirtualClock();

  @Test
  void ticksAtEachPeriodFirstAfterOne() {
    try (var ticker = Ticker.every(PERIOD, clock)) {
      for (int n = 1; n <= 5; n++) {
        clock.advance(PERIOD.minus(TICK));
        assertNull(ticker.channel().tryReceive());
        clock.advance(TICK);
        assertEquals(at(n), ticker.channel().tryReceive());
        assertNull(ticker.channel().tryReceive());
      }
    }
  }

  @Test
  void aSlowReceiverMissesTicksAndGetsNoBurst() {
    try (var ticker = Ticker.every(PERIOD, clock)) {
      clock.advance(PERIOD.multipliedBy(10));
      assertEquals(at(1), ticker.channel().tryReceive()); // the one that waited
      assertNull(ticker.channel().tryReceive());
      clock.advance(PERIOD);
      assertEquals(at(11), ticker.channel().tryReceive());
      assertNull(ticker.channel().tryReceive());
    }
  }

  @Test
  void doesNotDriftWhenItsAlarmsRingLate() {
    var late = new LateClock(clock);
    try (var ticker = Ticker.every(PERIOD, late)) {
      late.by = PERIOD.dividedBy(4);
      clock.advance(PERIOD); // this alarm was set in time
      assertEquals(at(1), ticker.channel().tryReceive());
      for (int n = 2; n <= 20; n++) {
        clock.advance(PERIOD);
        Instant tick = ticker.channel().tryReceive();
        assertEquals(n == 2 ? null : at(n - 1).plus(late.by), tick);
      }
    }
  }

  @Test
  void skipsWhatItHasOversleptAndKeepsTheBeat() {
    var late = new LateClock(clock);
    try (var ticker = Ticker.every(PERIOD, late)) {
      late.by = PERIOD.multipliedBy(5).dividedBy(2);
      clock.advance(PERIOD); // rings in time, sets the next: due at 2, rings at 4.5
      assertEquals(at(1), ticker.channel().tryReceive());
      late.by = Duration.ZERO;
      clock.advance(PERIOD.multipliedBy(7).dividedBy(2));
      assertEquals(at(4).plus(PERIOD.dividedBy(2)), ticker.channel().tryReceive());
      clock.advance(PERIOD.dividedBy(2));
      assertEquals(at(5), ticker.channel().tryReceive());
      clock.advance(PERIOD);
      assertEquals(at(6), ticker.channel().tryReceive());
    }
  }

  @Test
  void closingItEndsTheLoopAndLeavesNothing() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      var ticker = Ticker.every(PERIOD, clock);
      Channel<Instant> seen = scope.channel("seen", 10);
      scope.start("loop", () -> ticker.channel().forEach(seen::trySend));
      clock.advance(PERIOD);
      assertEquals(at(1), seen.receive());
      clock.advance(PERIOD);
      assertEquals(at(2), seen.receive());
      ticker.close();
      scope.join();
      assertEquals(0, clock.alarms());
      assertTrue(ticker.channel().isClosedForReceive());
      clock.advance(PERIOD);
      ticker.close(); // does nothing
      assertNull(seen.tryReceive());
    }
  }

  @Test
  void noTickIsReceivedAfterItsClose() throws Exception {
    var ticker = Ticker.every(PERIOD, clock);
    clock.advance(PERIOD);
    ticker.close();
    assertNull(ticker.channel().receiveOrNull());
  }

  @Test
  void aTickThatRingsAllTheSameAfterTheCloseDoesNothing() {
    var late = new LateClock(clock);
    late.cancels = false;
    var ticker = Ticker.every(PERIOD, late);
    ticker.close();
    clock.advance(PERIOD);
    assertEquals(0, clock.alarms());
    assertTrue(ticker.channel().isClosedForReceive());
  }

  @Test
  void aTickThatIsDueBeforeItsAlarmIsSetLosesNoAlarm() {
    var late = new LateClock(clock);
    late.leap = PERIOD.multipliedBy(2);
    var ticker = Ticker.every(PERIOD, late);
    assertEquals(at(2), ticker.channel().tryReceive());
    assertEquals(1, clock.alarms());
    ticker.close();
    assertEquals(0, clock.alarms());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void aPeriodOfZeroOrLessIsRefused(long millis) {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> Ticker.every(Duration.ofMillis(millis), clock));
    assertEquals(
        "period is " + Duration.ofMillis(millis) + ", must be more than 0", error.getMessage());
    assertEquals(0, clock.alarms());
  }

  @Test
  void closeRacingATickLeavesNothing() throws Exception {
    for (int round = 0; round < 1_000; round++) {
      var ticker = Ticker.every(PERIOD, clock);
      try (var scope = Scope.open("scope")) {
        scope.start("clock", () -> clock.advance(PERIOD.multipliedBy(3)));
        ticker.close();
        assertNull(ticker.channel().receiveOrNull());
        scope.join();
      }
      assertEquals(0, clock.alarms());
    }
  }

  @Test
  void twoTickersKeepTheirOwnPeriods() {
    try (var fast = Ticker.every(PERIOD, clock);
        var slow = Ticker.every(PERIOD.multipliedBy(3), clock)) {
      int fastTicks = 0;
      int slowTicks = 0;
      for (int n = 0; n < 9; n++) {
        clock.advance(PERIOD);
        fastTicks += fast.channel().tryReceive() == null ? 0 : 1;
        slowTicks += slow.channel().tryReceive() == null ? 0 : 1;
      }
      assertEquals(9, fastTicks);
      assertEquals(3, slowTicks);
      assertFalse(fast.channel().isClosedForReceive());
    }
  }

  private static Instant at(int periods) {
    return VirtualClock.EPOCH.plus(PERIOD.multipliedBy(periods));
  }

  /** A clock whose alarms ring late, or whose time leaps just before an alarm is set. */
  private static final class LateClock implements Clock {
    private final VirtualClock clock;
    private Duration by = Duration.ZERO;
    private Duration leap = Duration.ZERO;
    private boolean cancels = true;

    LateClock(VirtualClock clock) {
      this.clock = clock;
    }

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
      clock.advance(leap);
      leap = Duration.ZERO;
      Alarm alarm = clock.schedule(atNanos + by.toNanos(), action);
      return cancels ? alarm : () -> {};
    }
  }
}
