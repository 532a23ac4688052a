package dev.sluice.csp.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@NoLeaks
class VirtualClockTest {
  private final VirtualClock clock = new VirtualClock();
  private final List<String> rang = new ArrayList<>();

  @Test
  void standsStillUntilItIsMoved() {
    assertEquals(0, clock.nanos());
    assertEquals(Instant.parse("2026-01-01T00:00:00Z"), clock.instant());
    assertEquals(VirtualClock.EPOCH, clock.instant());
    clock.advance(Duration.ofMillis(1500));
    assertEquals(1_500_000_000, clock.nanos());
    assertEquals(Instant.parse("2026-01-01T00:00:01.500Z"), clock.instant());
    clock.advance(Duration.ZERO);
    assertEquals(1_500_000_000, clock.nanos());
  }

  @Test
  void timeDoesNotGoBack() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
    assertEquals("time does not go back: PT-0.000000001S", error.getMessage());
    assertEquals(0, clock.nanos());
  }

  @Test
  void alarmsOfTheFarFutureRingInTheirOrder() throws Exception {
    Duration century = Duration.ofDays(36_525);
    clock.advance(century.multipliedBy(2)); // what is 146 years ahead is a negative number from now
    clock.schedule(clock.nanos() + century.toNanos(), () -> rang.add("far"));
    clock.schedule(clock.nanos() + 1, () -> rang.add("near"));
    clock.advance(Duration.ofNanos(1));
    assertEquals(List.of("near"), rang);
    assertEquals(1, clock.alarms());
  }

  @Test
  void anAlarmRingsAtItsInstantAndNotBefore() {
    clock.schedule(100, () -> rang.add("at " + clock.nanos()));
    clock.advance(Duration.ofNanos(99));
    assertEquals(List.of(), rang);
    clock.advance(Duration.ofNanos(1));
    assertEquals(List.of("at 100"), rang);
    clock.advance(Duration.ofNanos(1_000));
    assertEquals(List.of("at 100"), rang);
  }

  @Test
  void alarmsRingInTheOrderOfTheirInstantsEachAtItsOwn() {
    clock.schedule(30, () -> rang.add("third at " + clock.nanos()));
    clock.schedule(10, () -> rang.add("first at " + clock.nanos()));
    clock.schedule(20, () -> rang.add("second at " + clock.nanos()));
    clock.advance(Duration.ofNanos(40));
    assertEquals(List.of("first at 10", "second at 20", "third at 30"), rang);
    assertEquals(40, clock.nanos());
  }

  @Test
  void alarmsOfOneInstantRingInTheOrderOfTheirSetting() {
    for (int i = 0; i < 5; i++) {
      String name = "alarm " + i;
      clock.schedule(10, () -> rang.add(name));
    }
    clock.advance(Duration.ofNanos(10));
    assertEquals(List.of("alarm 0", "alarm 1", "alarm 2", "alarm 3", "alarm 4"), rang);
  }

  @Test
  void anAlarmThatAnAlarmSetsRingsToo() {
    clock.schedule(
        10,
        () -> {
          rang.add("outer at " + clock.nanos());
          clock.schedule(20, () -> rang.add("inner at " + clock.nanos()));
          clock.schedule(50, () -> rang.add("later at " + clock.nanos()));
        });
    clock.advance(Duration.ofNanos(30));
    assertEquals(List.of("outer at 10", "inner at 20"), rang);
    assertEquals(1, clock.alarms());
    clock.advance(Duration.ofNanos(20));
    assertEquals(List.of("outer at 10", "inner at 20", "later at 50"), rang);
  }

  @Test
  void whatIsDueAlreadyRingsAtOnceOnTheThreadThatSetsIt() {
    clock.advance(Duration.ofNanos(10));
    var threads = new ArrayList<Thread>();
    clock.schedule(10, () -> threads.add(Thread.currentThread())).cancel();
    clock.schedule(9, () -> threads.add(Thread.currentThread()));
    assertEquals(List.of(Thread.currentThread(), Thread.currentThread()), threads);
    assertEquals(0, clock.alarms());
  }

  @Test
  void alarmsRingOnTheThreadThatMovesTheClock() {
    var threads = new ArrayList<Thread>();
    clock.schedule(10, () -> threads.add(Thread.currentThread()));
    clock.advance(Duration.ofNanos(10));
    assertEquals(List.of(Thread.currentThread()), threads);
  }

  @Test
  void aCancelledAlarmDoesNotRingAndIsNotHeld() {
    var alarm = clock.schedule(10, () -> rang.add("cancelled"));
    clock.schedule(10, () -> rang.add("kept"));
    assertEquals(2, clock.alarms());
    alarm.cancel();
    assertEquals(1, clock.alarms());
    clock.advance(Duration.ofNanos(10));
    assertEquals(List.of("kept"), rang);
    alarm.cancel(); // does nothing
    assertEquals(0, clock.alarms());
  }

  @Test
  void anAlarmMayCancelAnotherOfItsInstant() {
    var alarms = new ArrayList<dev.sluice.csp.Clock.Alarm>();
    clock.schedule(10, () -> alarms.getFirst().cancel());
    alarms.add(clock.schedule(10, () -> rang.add("cancelled")));
    clock.advance(Duration.ofNanos(10));
    assertEquals(List.of(), rang);
  }

  @Test
  void anAlarmThatFailsFailsTheAdvance() {
    var bad = new IllegalStateException("bad");
    clock.schedule(
        10,
        () -> {
          throw bad;
        });
    clock.schedule(20, () -> rang.add("next"));
    assertSame(
        bad, assertThrows(IllegalStateException.class, () -> clock.advance(Duration.ofNanos(30))));
    assertEquals(10, clock.nanos());
    clock.advance(Duration.ofNanos(10));
    assertEquals(List.of("next"), rang);
  }

  @Test
  void awaitAlarmsWaitsUntilSoManyAreSet() throws Exception {
    clock.awaitAlarms(0);
    try (var scope = Scope.open("scope")) {
      var counted = new Reply<Integer>();
      scope.start(
          "counts",
          () -> {
            clock.awaitAlarms(2);
            counted.complete(clock.alarms());
          });
      clock.schedule(10, () -> {});
      clock.schedule(10, () -> {});
      assertEquals(2, counted.await());
      scope.join();
    }
  }

  @Test
  void awaitAlarmsIsInterruptible() throws Exception {
    try (var scope = Scope.open("scope")) {
      var thrown = new Reply<Throwable>();
      var waits =
          scope.start(
              "waits",
              () ->
                  thrown.complete(
                      assertThrows(InterruptedException.class, () -> clock.awaitAlarms(1))));
      waits.cancel();
      assertInstanceOf(InterruptedException.class, thrown.await());
      scope.join();
    }
  }

  @Test
  void threadsMayMoveAndSetItAtOnce() throws Exception {
    int each = 1_000;
    var total = new Reply<Integer>();
    try (var scope = Scope.open("scope")) {
      var count = new ArrayList<Integer>(); // filled by the one thread that moves the clock last
      scope.start(
          "sets",
          () -> {
            for (int i = 1; i <= each; i++) {
              int number = i;
              clock.schedule(
                  clock.nanos() + 1_000_000_000 + i,
                  () -> {
                    synchronized (count) {
                      count.add(number);
                    }
                  });
            }
          });
      scope.start(
          "moves",
          () -> {
            for (int i = 0; i < each; i++) {
              clock.advance(Duration.ofNanos(5));
            }
          });
      scope.join();
      clock.advance(Duration.ofSeconds(10));
      total.complete(count.size());
    }
    assertEquals(each, total.await());
    assertEquals(0, clock.alarms());
    assertTrue(clock.nanos() >= 10_000_000_000L);
  }
}
