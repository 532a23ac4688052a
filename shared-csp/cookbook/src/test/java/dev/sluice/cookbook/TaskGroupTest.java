package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.DeadlineExceededException;
import dev.sluice.csp.ProcessFailedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.FailedException;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.concurrent.StructuredTaskScope.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the table in {@link TaskGroup} says, of the scope and of the JDK's, line by line. */
@NoLeaks
class TaskGroupTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  /** Where each cancelled task leaves a word. */
  private final Channel<String> cancelled = Channel.buffered(4);

  /** Where each task that hangs says that it has begun. */
  private final Channel<String> begun = Channel.buffered(4);

  private String hang() throws InterruptedException {
    try {
      begun.send("begun");
      return Channel.<String>rendezvous().receive();
    } catch (InterruptedException end) {
      cancelled.trySend("cancelled");
      throw end;
    }
  }

  /** Fails when the other has begun, so that there is somebody to cancel. */
  private String failOnceBegun(RuntimeException failure) throws InterruptedException {
    begun.receive();
    throw failure;
  }

  /** Fails in its turn, because it is cancelled. */
  private String failWhenCancelled(RuntimeException failure) {
    try {
      return hang();
    } catch (InterruptedException end) {
      throw failure;
    }
  }

  @Nested
  class WithTheScope {
    @Test
    void theResultsComeInTheOrderOfTheTasks() throws InterruptedException {
      Reply<String> second = new Reply<>();
      Callable<String> waits = second::await;
      Callable<String> goesFirst =
          () -> {
            second.complete("one");
            return "two";
          };
      assertEquals(
          List.of("one", "two"), TaskGroup.all(Clock.system(), LONG, List.of(waits, goesFirst)));
    }

    @Test
    void noTasksHaveNoResults() throws InterruptedException {
      assertEquals(List.of(), TaskGroup.all(Clock.system(), LONG, List.of()));
    }

    @Test
    void theFirstFailureCancelsTheRestAndIsThrownItself() {
      var failure = new IllegalStateException("first");
      List<Callable<String>> tasks =
          List.of(TaskGroupTest.this::hang, () -> failOnceBegun(failure));
      assertSame(
          failure,
          assertThrows(
              IllegalStateException.class, () -> TaskGroup.all(Clock.system(), LONG, tasks)));
      assertEquals("cancelled", cancelled.tryReceive());
    }

    @Test
    void aCheckedFailureIsWrapped() {
      var failure = new IOException("gone");
      List<Callable<String>> tasks =
          List.of(() -> {
            throw failure;
          });
      var thrown =
          assertThrows(
              ProcessFailedException.class, () -> TaskGroup.all(Clock.system(), LONG, tasks));
      assertSame(failure, thrown.getCause());
    }

    @Test
    void laterFailuresAreSuppressedOnTheFirst() {
      var first = new IllegalStateException("first");
      var second = new IllegalStateException("second");
      List<Callable<String>> tasks =
          List.of(() -> failWhenCancelled(second), () -> failOnceBegun(first));
      assertThrows(IllegalStateException.class, () -> TaskGroup.all(Clock.system(), LONG, tasks));
      assertEquals(List.of(second), List.of(first.getSuppressed()));
    }

    @Test
    void theTimeLimitGoesByTheClockOfATest() throws InterruptedException {
      var clock = new VirtualClock();
      try (var test = Scope.open("test")) {
        List<Callable<String>> tasks = List.of(TaskGroupTest.this::hang);
        test.start("group", () -> TaskGroup.all(clock, LONG, tasks));
        begun.receive();
        clock.advance(LONG.minusNanos(1));
        assertNull(cancelled.tryReceive());
        clock.advance(Duration.ofNanos(1));
        var late = assertThrows(DeadlineExceededException.class, test::join);
        assertEquals("scope group did not end within PT10M", late.getMessage());
        assertEquals("cancelled", cancelled.tryReceive());
        assertEquals(0, clock.alarms());
      }
    }

    @Test
    void anybodyMayStartOneMore() throws InterruptedException {
      try (var scope = Scope.open("group")) {
        var inner = new Reply<String>();
        scope.start("outer", () -> scope.start("inner", () -> inner.complete("started")));
        scope.join();
        assertEquals("started", inner.await());
      }
    }

    @Test
    void toForgetToWaitIsToCancelAndWait() throws InterruptedException {
      try (var scope = Scope.open("group")) {
        scope.start("hanging", TaskGroupTest.this::hang);
        begun.receive();
      }
      assertEquals("cancelled", cancelled.tryReceive());
    }
  }

  @Nested
  class WithTheJdksScope {
    @Test
    void theResultsComeInTheOrderOfTheTasks() throws InterruptedException {
      try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
        scope.fork(() -> "one");
        scope.fork(() -> "two");
        assertEquals(List.of("one", "two"), scope.join().map(Subtask::get).toList());
      }
    }

    @Test
    void byThisJoinerTheFirstFailureCancelsTheRestAndIsThrownWrapped() throws Exception {
      var failure = new IllegalStateException("first");
      try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
        scope.fork(TaskGroupTest.this::hang);
        scope.fork(() -> failOnceBegun(failure));
        assertSame(failure, assertThrows(FailedException.class, scope::join).getCause());
      }
      assertEquals("cancelled", cancelled.tryReceive());
    }

    @Test
    void laterFailuresAreLost() throws Exception {
      var first = new IllegalStateException("first");
      var second = new IllegalStateException("second");
      try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
        scope.fork(() -> failWhenCancelled(second));
        scope.fork(() -> failOnceBegun(first));
        var thrown = assertThrows(FailedException.class, scope::join);
        assertSame(first, thrown.getCause());
        assertEquals(0, thrown.getSuppressed().length);
      }
      assertEquals(0, first.getSuppressed().length);
      assertEquals("cancelled", cancelled.tryReceive());
    }

    @Test
    void theTimeLimitGoesByTheMachine() {
      try (var scope =
          StructuredTaskScope.open(
              Joiner.<String>allSuccessfulOrThrow(),
              configuration -> configuration.withTimeout(Duration.ofNanos(1)))) {
        scope.fork(TaskGroupTest.this::hang);
        assertThrows(TimeoutException.class, scope::join);
      }
    }

    @Test
    void onlyTheOpenerMayForkOneMore() throws InterruptedException {
      try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow());
          var others = Scope.open("others")) {
        others.start(
            "other",
            () -> assertThrows(WrongThreadException.class, () -> scope.fork(() -> "more")));
        others.join(); // and so tells what the other says
        assertEquals(0, scope.join().count());
      }
    }

    @Test
    void toForgetToWaitIsToCancelAndWaitAndAnError() throws InterruptedException {
      var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow());
      scope.fork(TaskGroupTest.this::hang);
      begun.receive();
      assertThrows(IllegalStateException.class, scope::close);
      assertEquals("cancelled", cancelled.tryReceive());
    }
  }
}
