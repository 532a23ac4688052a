package dev.sluice.csp.patterns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ProcessFailedException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.WorkerPool.Submission;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerPoolTest {

  @Test
  void aJobThatFailsAnswersWithItsFailureAndThePoolGoesOn() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Integer> pool =
          WorkerPool.start(
              scope,
              "pool",
              1,
              4,
              job ->
                  switch (job) {
                    case 1 -> throw new IOException("no such file");
                    case 2 -> throw new InterruptedException("by nobody");
                    default -> job;
                  });
      var first = accepted(pool.submit(1));
      var second = accepted(pool.submit(2));
      var third = accepted(pool.submit(3));

      assertInstanceOf(
          IOException.class, assertThrows(ProcessFailedException.class, first::await).getCause());
      assertInstanceOf(
          InterruptedException.class,
          assertThrows(ProcessFailedException.class, second::await).getCause());
      assertEquals(3, third.await());
      pool.close();
      scope.join();
    }
  }

  @Test
  void anErrorAnswersTheJobAndFailsTheScope() throws InterruptedException {
    var error = new AssertionError("bad");
    var scope = Scope.open("test");
    WorkerPool<Integer, Integer> pool =
        WorkerPool.start(
            scope,
            "pool",
            1,
            4,
            _ -> {
              throw error;
            });
    var answer = accepted(pool.submit(1));

    assertSame(error, assertThrows(AssertionError.class, answer::await));
    assertSame(error, assertThrows(AssertionError.class, scope::join));
    pool.close(); // has happened
    assertInstanceOf(Submission.Closed.class, pool.submit(2));
    scope.close();
  }

  @Test
  void aCancelledPoolAnswersEveryJob() throws InterruptedException {
    Channel<Boolean> never = Channel.rendezvous();
    Channel<Integer> begun = Channel.buffered(1);
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Boolean> pool =
          WorkerPool.start(
              scope,
              "pool",
              1,
              4,
              job -> {
                begun.send(job);
                return never.receive();
              });
      var runs = accepted(pool.submit(1));
      begun.receive();
      var waits = accepted(pool.submit(2));

      scope.cancel();

      assertThrows(CancellationException.class, runs::await);
      assertThrows(CancellationException.class, waits::await);
      pool.close();
      assertInstanceOf(Submission.Closed.class, pool.submit(3));
    }
  }

  @Test
  void aJobThatSwallowsItsInterruptEndsTheWorkerAllTheSame() throws InterruptedException {
    Channel<Boolean> never = Channel.rendezvous();
    Channel<Integer> begun = Channel.buffered(1);
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, String> pool =
          WorkerPool.start(
              scope,
              "pool",
              1,
              4,
              job -> {
                begun.send(job);
                try {
                  return "got " + never.receive();
                } catch (InterruptedException swallowed) {
                  return "was interrupted";
                }
              });
      var runs = accepted(pool.submit(1));
      begun.receive();
      var waits = accepted(pool.submit(2));

      scope.cancel();

      assertEquals("was interrupted", runs.await());
      assertThrows(CancellationException.class, waits::await);
      scope.join();
    }
  }

  @Test
  void anAbandonedJobIsNotRun() throws InterruptedException {
    Channel<Integer> gate = Channel.rendezvous();
    Channel<Integer> runs = Channel.buffered(3);
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Integer> pool =
          WorkerPool.start(
              scope,
              "pool",
              1,
              4,
              job -> {
                runs.send(job);
                return gate.receive();
              });
      pool.submit(1);
      assertEquals(1, runs.receive());
      var second = accepted(pool.submit(2));
      pool.submit(3);

      assertTrue(second.abandon());
      gate.send(0);

      assertEquals(3, runs.receive());
      gate.send(0);
      pool.close();
      scope.join();
    }
  }

  @Test
  void anInterruptedSubmitHasNotSubmitted() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Integer> pool = WorkerPool.start(scope, "pool", 1, 4, job -> job);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> pool.submit(1));
      assertEquals(2, accepted(pool.submit(2)).await());
      pool.close();
      scope.join();
    }
  }

  @Test
  void aJobThatLeavesItsThreadInterruptedTroublesNobodyElse() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Boolean> pool =
          WorkerPool.start(
              scope,
              "pool",
              1,
              4,
              job -> {
                boolean wasInterrupted = Thread.currentThread().isInterrupted();
                if (job == 1) {
                  Thread.currentThread().interrupt();
                }
                return wasInterrupted;
              });
      assertFalse(accepted(pool.submit(1)).await());
      assertFalse(accepted(pool.submit(2)).await());
      pool.close();
      scope.join();
    }
  }

  @Test
  void nullIsNotAnAnswer() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      @SuppressWarnings("NullAway") // what a caller without NullAway may do
      WorkerPool<Integer, Integer> pool = WorkerPool.start(scope, "pool", 1, 4, _ -> null);
      var answer = accepted(pool.submit(1));
      assertThrows(NullPointerException.class, answer::await);
      pool.close();
      scope.join();
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without NullAway may do
  void nullIsNoJobAndNoWork() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Integer> pool = WorkerPool.start(scope, "pool", 1, 4, job -> job);
      assertThrows(NullPointerException.class, () -> pool.submit(null));
      assertEquals(1, accepted(pool.submit(1)).await());
      pool.close();
      assertThrows(
          NullPointerException.class,
          () -> WorkerPool.<Integer, Integer>start(scope, "other", 1, 1, null));
      scope.join();
    }
  }

  @Test
  void aCloseThatIsInterruptedClosesAllTheSame() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Integer> pool = WorkerPool.start(scope, "pool", 1, 4, job -> job);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, pool::close);
      scope.join(); // the doorkeeper and the worker have ended
      assertInstanceOf(Submission.Closed.class, pool.submit(1));
    }
  }

  @Test
  void hasAtLeastOneWorkerAndNoNegativeQueue() {
    try (var scope = Scope.open("test")) {
      assertEquals(
          "the number of workers is 0, must be 1 or more",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> WorkerPool.<Integer, Integer>start(scope, "pool", 0, 1, job -> job))
              .getMessage());
      assertEquals(
          "the queue's capacity is -1, must be 0 or more",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> WorkerPool.<Integer, Integer>start(scope, "pool", 1, -1, job -> job))
              .getMessage());
    }
  }

  @Test
  void doesNotStartInACancelledScope() {
    try (var scope = Scope.open("test")) {
      scope.cancel();
      assertThrows(
          CancellationException.class,
          () -> WorkerPool.<Integer, Integer>start(scope, "pool", 1, 1, job -> job));
    }
  }

  private static <R> Reply<R> accepted(Submission<R> submission) {
    return switch (submission) {
      case Submission.Accepted<R>(Reply<R> reply) -> reply;
      case Submission.Closed<R>() -> throw new AssertionError("the pool is closed");
    };
  }
}
