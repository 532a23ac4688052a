package dev.sluice.csp.testkit.time;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.DeadlineExceededException;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

@NoLeaks
class ScopeDeadlineTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration TICK = Duration.ofNanos(1);

  private final VirtualClock clock = new VirtualClock();
  private final Channel<Integer> never = Channel.rendezvous();

  @Test
  void cancelsWhenTheTimeHasRunOutAndNotBefore() throws Exception {
    try (var scope = Scope.open("scope", clock).deadline(LIMIT)) {
      var process = scope.start("waits", never::receive);
      clock.advance(LIMIT.minus(TICK));
      assertFalse(scope.isCancelled());
      assertTrue(process.isAlive());
      clock.advance(TICK);
      assertTrue(scope.isCancelled());
      assertTrue(scope.done().isClosedForReceive());
      var exceeded = assertThrows(DeadlineExceededException.class, scope::join);
      assertEquals("scope scope did not end within PT2S", exceeded.getMessage());
      assertFalse(process.isAlive());
    }
  }

  @Test
  void closeThrowsItWhenNobodyHasJoined() {
    var scope = Scope.open("scope", clock).deadline(LIMIT);
    scope.start("waits", never::receive);
    clock.advance(LIMIT);
    assertThrows(DeadlineExceededException.class, scope::close);
  }

  @Test
  void doesNothingToAScopeThatIsClosedInTime() throws Exception {
    try (var scope = Scope.open("scope", clock).deadline(LIMIT)) {
      scope.start("short", () -> {});
      scope.join();
      assertEquals(1, clock.alarms());
    }
    assertEquals(0, clock.alarms());
  }

  @Test
  void isNotExceededWhenAllProcessesHaveEnded() throws Exception {
    try (var scope = Scope.open("scope", clock).deadline(LIMIT)) {
      scope.start("short", () -> {});
      scope.join();
      clock.advance(LIMIT);
      assertTrue(scope.isCancelled());
      scope.join();
      assertThrows(CancellationException.class, () -> scope.start("late", () -> {}));
    }
  }

  @Test
  void isNotExceededWhenTheScopeWasCancelledBefore() throws Exception {
    try (var scope = Scope.open("scope", clock).deadline(LIMIT)) {
      scope.start("waits", never::receive);
      scope.cancel();
      clock.advance(LIMIT);
      scope.join();
    }
  }

  @Test
  void ofZeroCancelsAtOnce() {
    var scope = Scope.open("scope", clock);
    scope.start("waits", never::receive);
    scope.deadline(Duration.ZERO);
    assertTrue(scope.isCancelled());
    assertThrows(DeadlineExceededException.class, scope::close);
    assertEquals(0, clock.alarms());
  }

  @Test
  void thereIsOne() {
    try (var scope = Scope.open("scope", clock).deadline(LIMIT)) {
      var error = assertThrows(IllegalStateException.class, () -> scope.deadline(LIMIT));
      assertEquals("scope scope has a deadline already", error.getMessage());
      scope.cancel();
      assertThrows(CancellationException.class, () -> scope.deadline(LIMIT));
    }
  }

  @Test
  void reachesTheScopesInside() {
    var outer = Scope.open("outer", clock).deadline(LIMIT);
    var inner = outer.child("inner");
    inner.start("waits", never::receive);
    clock.advance(LIMIT);
    assertTrue(inner.isCancelled());
    assertThrows(DeadlineExceededException.class, outer::join);
    outer.close();
  }

  @Test
  void ofAScopeInsideLeavesTheOuterAlone() throws Exception {
    try (var outer = Scope.open("outer", clock)) {
      var outside = outer.start("outside", never::receive);
      try (var inner = outer.child("inner").deadline(LIMIT)) {
        inner.start("inside", never::receive);
        clock.advance(LIMIT);
        assertThrows(DeadlineExceededException.class, inner::join);
      }
      assertFalse(outer.isCancelled());
      assertTrue(outside.isAlive());
    }
  }

  @Test
  void whatFailsBecauseOfItIsSuppressedOnIt() throws Exception {
    try (var scope = Scope.open("scope", clock).deadline(LIMIT)) {
      var bad = new IllegalStateException("bad");
      scope.start(
          "cleans up badly",
          () -> {
            try {
              never.receive();
            } finally {
              fail(bad);
            }
          });
      clock.advance(LIMIT);
      var exceeded = assertThrows(DeadlineExceededException.class, scope::join);
      assertArrayEquals(new Throwable[] {bad}, exceeded.getSuppressed());
    }
  }

  @Test
  void aFailureBeforeItIsTheOneThatIsThrown() throws Exception {
    try (var scope = Scope.open("scope", clock).deadline(LIMIT)) {
      var bad = new IllegalStateException("bad");
      scope.start("fails", () -> fail(bad)).join();
      clock.advance(LIMIT);
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
      assertEquals(0, bad.getSuppressed().length);
    }
  }

  @Test
  void scopesAndProcessesAreAsOldAsTheClockSays() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      clock.advance(LIMIT);
      var inner = scope.child("inner");
      clock.advance(LIMIT);
      var process = inner.start("process", never::receive);
      assertEquals(VirtualClock.EPOCH, scope.since());
      assertEquals(VirtualClock.EPOCH.plus(LIMIT), inner.since());
      assertEquals(VirtualClock.EPOCH.plus(LIMIT.multipliedBy(2)), process.since());
    }
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }
}
