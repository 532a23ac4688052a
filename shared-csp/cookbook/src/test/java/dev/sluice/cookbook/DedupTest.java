package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Deduplicator;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class DedupTest {
  private static final Duration TTL = Duration.ofMillis(100);

  private final VirtualClock clock = new VirtualClock();
  private final Scope scope = Scope.open("test", clock);
  private final Channel<String> values = scope.channel("values", 0);

  @AfterEach
  void noTimerIsLeft() {
    scope.close();
    assertEquals(0, clock.alarms());
  }

  @Test
  void theProgramPassesTenAndOneAgain() throws Exception {
    List<String> printed = Printed.by(Dedup::run);

    assertEquals(
        List.of(
            "of 100 values pass [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
            "after 150 ms, with a time to live of 100 ms, 7 passes again"),
        printed);
  }

  @Test
  void ofAHundredValuesTenPass() throws InterruptedException {
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), Dedup.passHundred());
  }

  @Test
  void afterItsTimeAValuePassesAgain() throws InterruptedException {
    var passed = deduplicated(10);
    pass(passed, "a");

    clock.advance(Duration.ofMillis(150));

    pass(passed, "a");
  }

  @Test
  void untilItsLastNanosecondAValueDoesNotPassAgain() throws InterruptedException {
    var passed = deduplicated(10);
    pass(passed, "a");

    clock.advance(TTL.minusNanos(1));
    values.send("a");
    pass(passed, "b"); // and not "a"
    clock.advance(Duration.ofNanos(1));
    pass(passed, "a");
  }

  @Test
  void aRepetitionDoesNotProlongTheTime() throws InterruptedException {
    var passed = deduplicated(10);
    pass(passed, "a");
    clock.advance(Duration.ofMillis(60));
    values.send("a");
    pass(passed, "b");
    clock.advance(Duration.ofMillis(40));
    pass(passed, "a");
  }

  @Test
  void whatIsOldIsForgottenAlsoWhenNothingComes() throws InterruptedException {
    var passed = deduplicated(10);
    pass(passed, "a");
    Eventually.that(this::isReady);
    clock.advance(Duration.ofMillis(50));
    pass(passed, "b");
    Eventually.that(this::isReady);

    clock.advance(Duration.ofMillis(50)); // a is forgotten
    clock.awaitAlarms(1); // and b is planned
    clock.advance(Duration.ofMillis(50));

    Eventually.that(() -> isReady() && clock.alarms() == 0); // it remembers nothing
    pass(passed, "b");
  }

  @Test
  void whenItIsFullTheOldestIsForgotten() throws InterruptedException {
    var passed = deduplicated(2);
    pass(passed, "a");
    pass(passed, "b");
    pass(passed, "c"); // a makes room
    values.send("b");
    values.send("c");
    pass(passed, "a"); // b makes room
    values.send("c");
    pass(passed, "b");
  }

  @Test
  void theKeyMakesTwoValuesTheSame() throws InterruptedException {
    var passed =
        Deduplicator.start(
            scope, "deduplicator", values, text -> text.toLowerCase(Locale.ROOT), TTL, 10);
    pass(passed, "a");
    values.send("A");
    pass(passed, "B");
    values.close();
    assertNull(passed.receiveOrNull());
  }

  @Test
  void itEndsWithItsInput() throws InterruptedException {
    var passed = deduplicated(10);
    pass(passed, "a");
    values.send("a");

    values.close();

    assertNull(passed.receiveOrNull());
    scope.join();
    assertEquals(0, clock.alarms());
  }

  @Test
  void aKeyThatCannotBeMadeFailsTheScopeAndEndsTheOutput() throws InterruptedException {
    var failing = Scope.open("failing", clock);
    var passed =
        Deduplicator.start(failing, "deduplicator", values, text -> Integer.valueOf(text), TTL, 10);
    values.send("no number");

    assertNull(passed.receiveOrNull());
    assertThrows(NumberFormatException.class, failing::join);
    failing.close();
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without NullAway may do
  void nullIsNoKey() throws InterruptedException {
    var failing = Scope.open("failing", clock);
    var passed = Deduplicator.start(failing, "deduplicator", values, _ -> null, TTL, 10);
    values.send("a");

    assertNull(passed.receiveOrNull());
    assertEquals(
        "the key of a value must not be null",
        assertThrows(NullPointerException.class, failing::join).getMessage());
    failing.close();
  }

  @Test
  void itsTermsAreChecked() {
    assertEquals(
        "the time to live is PT-1S, must be more than 0 and at most 100 years",
        messageOf(Duration.ofSeconds(-1), 1));
    assertEquals("the number of keys is 0, must be 1 or more", messageOf(TTL, 0));
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without NullAway may do
  void nullIsRefusedAtOnce() {
    assertThrows(
        NullPointerException.class,
        () -> Deduplicator.<String>start(scope, "other", null, Function.identity(), TTL, 1));
    assertThrows(
        NullPointerException.class, () -> Deduplicator.start(scope, "other", values, null, TTL, 1));
    assertEquals(List.of(), scope.processes());
  }

  @Test
  void cancellingEndsIt() throws InterruptedException {
    var passed = deduplicated(10);
    pass(passed, "a");
    scope.cancel();
    assertNull(passed.receiveOrNull());
    scope.join();
  }

  private String messageOf(Duration timeToLive, int maxKeys) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Deduplicator.start(
                        scope, "other", values, Function.identity(), timeToLive, maxKeys))
            .getMessage());
  }

  private ReceiveChannel<String> deduplicated(int maxKeys) {
    return Deduplicator.start(scope, "deduplicator", values, Function.identity(), TTL, maxKeys);
  }

  private void pass(ReceiveChannel<String> passed, String value) throws InterruptedException {
    values.send(value);
    assertEquals(value, passed.receive());
  }

  /** Whether it waits for the next value, so has done all that the one before asked for. */
  private boolean isReady() {
    return values.stats().waitingReceivers() == 1;
  }
}
