package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoOpenScopes.class)
class ScopeFailureTest {
  private final Channel<Integer> channel = Channel.rendezvous();
  private final IllegalStateException bad = new IllegalStateException("bad");

  @Test
  void theFirstFailureCancelsTheRestAndIsWhatJoinThrows() throws Exception {
    try (var scope = Scope.open("scope")) {
      var waiting = scope.start("waiting", channel::receive);
      Await.waitingReceivers(channel, 1);
      scope.start("failing", () -> fail(bad));
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
      assertFalse(waiting.isAlive());
      assertTrue(scope.isCancelled());
      assertTrue(scope.done().isClosedForReceive());
      assertEquals(0, bad.getSuppressed().length);
    }
  }

  @Test
  void laterFailuresAreSuppressedOnTheFirst() throws Exception {
    try (var scope = Scope.open("scope")) {
      var late = new IllegalArgumentException("late");
      scope.start(
          "cleans up badly",
          () -> {
            try {
              channel.receive();
            } finally {
              fail(late);
            }
          });
      Await.waitingReceivers(channel, 1);
      scope.start("failing", () -> fail(bad));
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
      assertArrayEquals(new Throwable[] {late}, bad.getSuppressed());
    }
  }

  @Test
  void oneExceptionFromTwoProcessesIsOneFailure() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start(
          "waiting",
          () -> {
            try {
              channel.receive();
            } finally {
              fail(bad);
            }
          });
      Await.waitingReceivers(channel, 1);
      scope.start("failing", () -> fail(bad));
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
      assertEquals(0, bad.getSuppressed().length);
    }
  }

  @Test
  void aCheckedFailureIsWrapped() throws Exception {
    try (var scope = Scope.open("scope")) {
      var failure = new IOException("disk");
      scope.start("failing", () -> fail(failure));
      var thrown = assertThrows(ProcessFailedException.class, scope::join);
      assertSame(failure, thrown.getCause());
      assertEquals(
          "a process of scope scope failed: java.io.IOException: disk", thrown.getMessage());
    }
  }

  @Test
  void anErrorIsThrownAsItIs() throws Exception {
    try (var scope = Scope.open("scope")) {
      var failure = new AssertionError("broken");
      scope.start("failing", () -> fail(failure));
      assertSame(failure, assertThrows(AssertionError.class, scope::join));
    }
  }

  @Test
  void closeThrowsTheFailureThatNobodyHasJoined() {
    var scope = Scope.open("scope");
    scope.start("failing", () -> fail(bad));
    Await.until(scope::isCancelled);
    assertSame(bad, assertThrows(IllegalStateException.class, scope::close));
    scope.close(); // once
  }

  @Test
  void closeDoesNotThrowWhatJoinHasThrown() {
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () -> {
              try (var scope = Scope.open("scope")) {
                scope.start("failing", () -> fail(bad));
                scope.join();
              }
            });
    assertSame(bad, thrown);
    assertEquals(0, thrown.getSuppressed().length);
  }

  @Test
  void everyJoinThrowsTheFailure() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start("waiting", channel::receive);
      Await.waitingReceivers(channel, 1);
      var one = Call.run(scope::join);
      var two = Call.run(scope::join);
      scope.start("failing", () -> fail(bad));
      assertSame(bad, one.failure());
      assertSame(bad, two.failure());
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
    }
  }

  @Test
  void aFailureAfterCancelIsAFailure() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start(
          "cleans up badly",
          () -> {
            try {
              channel.receive();
            } finally {
              fail(bad);
            }
          });
      Await.waitingReceivers(channel, 1);
      scope.cancel();
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
    }
  }

  @Test
  void aFailureThatACancellationSuppressesIsAFailure() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start(
          "has a scope inside",
          () -> {
            try (var inner = scope.child("inner")) {
              inner.start(
                  "cleans up badly",
                  () -> {
                    try {
                      channel.receive();
                    } finally {
                      fail(bad);
                    }
                  });
              inner.join();
            }
          });
      Await.waitingReceivers(channel, 1);
      scope.cancel();
      assertSame(bad, assertThrows(IllegalStateException.class, scope::join));
    }
  }

  @Test
  void endingWithCancellationInACancelledScopeIsNoFailure() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start("interrupted", channel::receive);
      scope.start("cancelled", () -> channel.forEach(_ -> {}));
      Await.waitingReceivers(channel, 2);
      scope.cancel();
      scope.join();
    }
  }

  @Test
  void endingWithInterruptionThatNobodyAskedForIsAFailure() throws Exception {
    try (var scope = Scope.open("scope")) {
      var process = scope.start("interrupted", channel::receive);
      Await.waitingReceivers(channel, 1);
      process.thread().interrupt();
      var thrown = assertThrows(ProcessFailedException.class, scope::join);
      assertInstanceOf(InterruptedException.class, thrown.getCause());
    }
  }

  @Test
  void endingWithCancellationThatNobodyAskedForIsAFailure() throws Exception {
    try (var scope = Scope.open("scope")) {
      scope.start("cancelled", () -> fail(new CancellationException("why")));
      assertEquals("why", assertThrows(CancellationException.class, scope::join).getMessage());
    }
  }

  @Test
  void aFailureInterruptsItsSiblingsOnly() throws Exception {
    try (var other = Scope.open("other")) {
      var unharmed = other.start("unharmed", channel::receive);
      Await.waitingReceivers(channel, 1);
      var scope = Scope.open("scope");
      scope.start("failing", () -> fail(bad));
      assertThrows(IllegalStateException.class, scope::join);
      scope.close();
      assertTrue(unharmed.isAlive());
      assertFalse(other.isCancelled());
    }
  }

  private static void fail(Throwable failure) throws Exception {
    switch (failure) {
      case Exception exception -> throw exception;
      case Error error -> throw error;
      default -> throw new AssertionError(failure);
    }
  }
}
