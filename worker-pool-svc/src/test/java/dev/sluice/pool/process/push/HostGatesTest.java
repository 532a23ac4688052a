package dev.sluice.pool.process.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.model.Breaker;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Rate;
import dev.sluice.pool.model.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostGatesTest {
  private static final Admission GO = new Admission.Go();
  private static final Admission BUSY = new Admission.Busy();
  private static final Duration OPEN = Duration.ofSeconds(30);
  private static final Breaker BREAKER = new Breaker(3, OPEN);

  private final VirtualClock clock = new VirtualClock();

  @Test
  void letsSoManyCallsRunToOneHost() {
    var gates = gates(2, null, null);
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(BUSY, gates.tryBegin("a"));
    assertEquals(GO, gates.tryBegin("b"), "each host has its own");
    assertEquals(3, gates.running());

    gates.ended("a", false);
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(BUSY, gates.tryBegin("a"));
  }

  @Test
  void knowsAHostByAnyOfItsSpellings() {
    var gates = gates(1, null, null);
    assertEquals(GO, gates.tryBegin("Example.ORG."));
    assertEquals(BUSY, gates.tryBegin("example.org"));
    gates.ended("example.ORG", false);
    assertEquals(GO, gates.tryBegin("EXAMPLE.org."));
  }

  @Test
  void beginsSoManyCallsInSomeTime() {
    var gates = gates(10, new Rate(1, Duration.ofSeconds(1), 2), null);
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(later(1_000), gates.tryBegin("a"));
    gates.ended("a", false);
    clock.advance(Duration.ofMillis(400));
    assertEquals(later(600), gates.tryBegin("a"));
    clock.advance(Duration.ofMillis(600));
    assertEquals(GO, gates.tryBegin("a"));
  }

  @Test
  void doesNotCountWhatWasWithdrawn() {
    var gates = gates(1, new Rate(1, Duration.ofSeconds(1), 1), BREAKER);
    assertEquals(GO, gates.tryBegin("a"));
    gates.withdrawn("a");
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(BUSY, gates.tryBegin("a"));
  }

  @Test
  void leavesAHostAloneThatFailsSoOftenInARow() {
    var gates = gates(10, null, BREAKER);
    fail(gates, 2);
    succeed(gates);
    fail(gates, 2);
    assertEquals(List.of(), gates.open(10));
    fail(gates, 1);

    assertEquals(List.of("a"), gates.open(10));
    assertEquals(new Admission.Later(OPEN), gates.tryBegin("a"));
    assertEquals(GO, gates.tryBegin("b"));
    clock.advance(OPEN.minusMillis(1));
    assertEquals(later(1), gates.tryBegin("a"));
  }

  @Test
  void triesOneCallWhenTheTimeIsOverAndClosesWhenItSucceeds() {
    var gates = opened();
    clock.advance(OPEN);
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(BUSY, gates.tryBegin("a"));
    assertEquals(List.of("a"), gates.open(10), "until it is known to be well");

    gates.ended("a", false);
    assertEquals(List.of(), gates.open(10));
    fail(gates, 2);
    assertEquals(GO, gates.tryBegin("a"), "its failures are counted anew");
  }

  @Test
  void opensAgainWhenTheTrialFails() {
    var gates = opened();
    clock.advance(OPEN);
    fail(gates, 1);
    assertEquals(new Admission.Later(OPEN), gates.tryBegin("a"));
  }

  @Test
  void triesAnotherWhenTheTrialWasWithdrawn() {
    var gates = opened();
    clock.advance(OPEN);
    assertEquals(GO, gates.tryBegin("a"));
    gates.withdrawn("a");
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(BUSY, gates.tryBegin("a"));
  }

  @Test
  void aTrialThatTheRateHoldsBackIsNotBegun() {
    var gates = gates(10, new Rate(1, Duration.ofMinutes(1), 3), BREAKER);
    fail(gates, 3);
    clock.advance(OPEN);
    assertEquals(later(30_000), gates.tryBegin("a"));
    clock.advance(OPEN);
    assertEquals(GO, gates.tryBegin("a"));
  }

  @Test
  void callsThatBeganBeforeItOpenedSayNothingWhileItIs() {
    var gates = gates(10, null, BREAKER);
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(GO, gates.tryBegin("a"));
    fail(gates, 3);
    clock.advance(OPEN.minusSeconds(1));
    gates.ended("a", false);
    gates.ended("a", true);
    assertEquals(later(1_000), gates.tryBegin("a"));
  }

  @Test
  void otherSettingsHoldAtOnce() {
    var gates = gates(1, null, null);
    assertEquals(GO, gates.tryBegin("a"));
    gates.change(settings(2, new Rate(1, Duration.ofSeconds(1), 1), null));
    assertEquals(GO, gates.tryBegin("a"));
    gates.ended("a", false);
    assertEquals(later(1_000), gates.tryBegin("a"));
    gates.change(settings(1, null, null));
    assertEquals(BUSY, gates.tryBegin("a"));
  }

  @Test
  void anOpenBreakerOutlivesOtherSettingsButNotTheEndOfAllBreakers() {
    var gates = opened();
    gates.change(settings(5, null, new Breaker(9, Duration.ofSeconds(1))));
    assertEquals(new Admission.Later(OPEN), gates.tryBegin("a"));
    gates.change(settings(5, null, null));
    assertEquals(GO, gates.tryBegin("a"));
    assertEquals(List.of(), gates.open(10));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndWithoutABeginningIsAnError(boolean knows) {
    var gates = gates(1, null, null);
    if (knows) {
      gates.tryBegin("a");
      gates.ended("a", false);
    }
    assertThrows(IllegalStateException.class, () -> gates.ended("a", false));
    assertThrows(IllegalStateException.class, () -> gates.withdrawn("a"));
  }

  @Test
  void forgetsHostsOfWhichThereIsNothingToRemember() {
    var gates = gates(10, new Rate(1, Duration.ofSeconds(1), 1), BREAKER);
    for (int i = 0; i < 1_000; i++) {
      assertEquals(GO, gates.tryBegin("host-" + i));
      gates.ended("host-" + i, false);
      clock.advance(Duration.ofSeconds(1));
    }
    assertTrue(gates.size() <= 2, () -> "remembers " + gates.size());
  }

  @Test
  void remembersFailuresForAnHour() {
    var gates = opened();
    clock.advance(HostGates.REMEMBERED);
    assertEquals(GO, gates.tryBegin("b"));
    assertEquals(List.of("a"), gates.open(10));
    clock.advance(Duration.ofMillis(1));
    gates.tryBegin("c");
    gates.tryBegin("d");
    assertEquals(List.of(), gates.open(10));
  }

  @Test
  void remembersNoMoreHostsThanTheMostAndNeverForgetsACall() {
    var gates = new HostGates(settings(1, null, BREAKER), clock, 100);
    assertEquals(GO, gates.tryBegin("running"));
    for (int i = 0; i < 10_000; i++) {
      assertEquals(GO, gates.tryBegin("host-" + i));
      gates.ended("host-" + i, true);
      assertTrue(gates.size() <= 101, () -> "remembers " + gates.size());
    }
    assertEquals(BUSY, gates.tryBegin("running"));
    gates.ended("running", false);
    assertEquals(0, gates.running());
  }

  @Test
  void namesNoMoreOpenBreakersThanAsked() {
    var gates = gates(1, null, new Breaker(1, OPEN));
    for (int i = 0; i < 10; i++) {
      gates.tryBegin("host-" + i);
      gates.ended("host-" + i, true);
    }
    assertEquals(List.of("host-0", "host-1", "host-2"), gates.open(3));
  }

  /** Whatever happens, in whatever order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whileAHostKeepsFailingOneCallAtMostBeginsInTheTimeThatItIsLeftAlone(long seed) {
    var random = new Random(seed);
    var gates = gates(4, null, BREAKER);
    int running = 0;
    long lastBegun = Long.MIN_VALUE;
    int begun = 0;
    while (gates.open(1).isEmpty()) {
      if (random.nextBoolean() && gates.tryBegin("a") instanceof Admission.Go) {
        running++;
      } else if (running > 0) {
        gates.ended("a", true);
        running--;
      }
    }
    for (int step = 0; step < 2_000; step++) {
      switch (random.nextInt(3)) {
        case 0 -> clock.advance(Duration.ofMillis(random.nextInt(20_000)));
        case 1 -> {
          if (gates.tryBegin("a") instanceof Admission.Go) {
            assertTrue(
                begun == 0 || clock.nanos() - lastBegun >= OPEN.toNanos(), "two within the time");
            lastBegun = clock.nanos();
            begun++;
            running++;
          }
        }
        default -> {
          if (running > 0) {
            gates.ended("a", true);
            running--;
          }
        }
      }
      assertEquals(running, gates.running());
    }
    assertTrue(begun > 10, "it is tried again and again");
  }

  private HostGates opened() {
    var gates = gates(5, null, BREAKER);
    fail(gates, 3);
    return gates;
  }

  private void fail(HostGates gates, int times) {
    for (int i = 0; i < times; i++) {
      assertEquals(GO, gates.tryBegin("a"));
      gates.ended("a", true);
    }
  }

  private static void succeed(HostGates gates) {
    assertEquals(GO, gates.tryBegin("a"));
    gates.ended("a", false);
  }

  private static Admission later(long millis) {
    return new Admission.Later(Duration.ofMillis(millis));
  }

  private HostGates gates(int workers, @Nullable Rate rate, @Nullable Breaker breaker) {
    return new HostGates(settings(workers, rate, breaker), clock);
  }

  private static QueueSettings settings(
      int workers, @Nullable Rate rate, @Nullable Breaker breaker) {
    Duration day = Duration.ofDays(1);
    return new QueueSettings(
        QueueSettings.Kind.PUSH,
        1_000,
        1_000_000,
        100,
        Duration.ofSeconds(30),
        Terms.DEFAULT,
        null,
        workers,
        rate,
        breaker,
        null,
        false,
        day,
        day,
        day);
  }
}
