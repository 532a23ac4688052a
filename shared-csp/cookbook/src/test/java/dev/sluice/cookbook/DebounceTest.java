package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Debouncer;
import dev.sluice.csp.patterns.Debouncer.Edge;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
@Timeout(60)
class DebounceTest {
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration QUIET = Duration.ofMillis(50);

  private final VirtualClock clock = new VirtualClock();
  private final Scope scope = Scope.open("test", clock);
  private final Channel<Integer> events = scope.channel("events", 0);

  @AfterEach
  void noTimerIsLeft() {
    scope.close();
    assertEquals(0, clock.alarms());
  }

  @Test
  void theProgramLetsTheLastAndTheFirstPass() throws Exception {
    List<String> printed = Printed.by(Debounce::run);

    assertTrue(printed.getFirst().endsWith("100]"), printed.getFirst());
    assertTrue(printed.getLast().startsWith("leading edge: [1"), printed.getLast());
  }

  @Test
  void ofAHundredEventsTheLastPassesAfterTheQuietTime() throws InterruptedException {
    var passed = debounced(Edge.TRAILING);
    for (int event = 1; event <= 100; event++) {
      clock.advance(MILLI);
      send(event);
    }
    clock.advance(QUIET.minusNanos(1));
    assertEquals(1, clock.alarms(), "it still waits");
    clock.advance(Duration.ofNanos(1));
    assertEquals(100, passed.receive());

    events.close();
    assertNull(passed.receiveOrNull(), "one only");
  }

  @Test
  void ofAHundredEventsTheFirstPassesAtOnce() throws InterruptedException {
    var passed = debounced(Edge.LEADING);
    events.send(1);
    assertEquals(1, passed.receive());
    for (int event = 2; event <= 100; event++) {
      awaitReady();
      clock.advance(MILLI);
      send(event);
    }
    events.close();
    assertNull(passed.receiveOrNull(), "one only");
  }

  @Test
  void eachBurstHasItsOwnLeadingEvent() throws InterruptedException {
    var passed = debounced(Edge.LEADING);
    for (int burst = 0; burst < 3; burst++) {
      events.send(burst);
      assertEquals(burst, passed.receive());
      awaitReady();
      send(100);
      clock.advance(QUIET.minusNanos(1));
      send(101); // the burst goes on
      clock.advance(QUIET);
      Eventually.that(() -> clock.alarms() == 0); // it is over
    }
    events.close();
    assertNull(passed.receiveOrNull());
  }

  @Test
  void eachBurstHasItsOwnTrailingEvent() throws InterruptedException {
    var passed = debounced(Edge.TRAILING);
    for (int burst = 0; burst < 3; burst++) {
      send(100);
      clock.advance(QUIET.minusNanos(1));
      send(burst);
      clock.advance(QUIET);
      assertEquals(burst, passed.receive());
    }
    events.close();
    assertNull(passed.receiveOrNull());
  }

  @Test
  void theEndDoesNotLoseTheEventThatWaits() throws InterruptedException {
    var passed = debounced(Edge.TRAILING);
    send(1);
    send(2);

    events.close();

    assertEquals(2, passed.receive());
    assertNull(passed.receiveOrNull());
  }

  @ParameterizedTest
  @EnumSource
  void withoutEventsNothingPassesAndNothingWaits(Edge edge) throws InterruptedException {
    var passed = debounced(edge);
    assertEquals(0, clock.alarms());
    events.close();
    assertNull(passed.receiveOrNull());
  }

  @Test
  void cancellingEndsItInTheMiddleOfABurst() throws InterruptedException {
    var passed = debounced(Edge.TRAILING);
    send(1);
    scope.cancel();
    assertNull(passed.receiveOrNull());
    scope.join();
  }

  @Test
  void theQuietTimeIsPositive() {
    assertEquals(
        "the quiet time is PT0S, must be more than 0 and at most 100 years",
        assertThrows(
                IllegalArgumentException.class,
                () -> Debouncer.start(scope, "other", events, Duration.ZERO, Edge.LEADING))
            .getMessage());
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without NullAway may do
  void nullIsRefusedAtOnce() {
    assertThrows(
        NullPointerException.class,
        () -> Debouncer.start(scope, "other", null, QUIET, Edge.LEADING));
    assertThrows(
        NullPointerException.class, () -> Debouncer.start(scope, "other", events, QUIET, null));
    assertEquals(List.of(), scope.processes());
  }

  private ReceiveChannel<Integer> debounced(Edge edge) {
    return Debouncer.start(scope, "debouncer", events, QUIET, edge);
  }

  private void send(int event) throws InterruptedException {
    events.send(event);
    awaitReady();
  }

  /** Until it waits for the next event or the quiet time. */
  private void awaitReady() throws InterruptedException {
    Eventually.that(() -> events.stats().waitingReceivers() == 1);
    clock.awaitAlarms(1);
  }
}
