package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.WorkerPool;
import dev.sluice.csp.patterns.WorkerPool.Submission;
import dev.sluice.csp.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class PoolTest {

  @Test
  void theProgramRunsAHundredJobsAndRefusesTheNext() throws Exception {
    List<String> printed = Printed.by(Pool::run);

    assertEquals(
        List.of(
            "100 jobs accepted and run, sum of squares 338350",
            "job 101 came too late, and was told so"),
        printed);
  }

  @Test
  void submitWaitsWhenTheQueueIsFull() throws InterruptedException {
    Channel<Boolean> gate = Channel.rendezvous();
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Boolean> pool =
          WorkerPool.start(scope, "pool", 1, 2, _ -> gate.receive());
      Channel<?> queue = Eventually.channel(scope, "pool.queue");
      pool.submit(1);
      Eventually.that(() -> queue.stats().received() == 1); // the worker has it
      pool.submit(2);
      pool.submit(3);

      var submitted = new Reply<Submission<Boolean>>();
      scope.start("submitter", () -> submitted.complete(pool.submit(4)));
      Eventually.that(() -> queue.stats().waitingSenders() == 1);
      assertFalse(submitted.isDone());

      gate.send(true); // the first job ends, and makes room
      assertInstanceOf(Submission.Accepted.class, submitted.await());
      for (int job = 2; job <= 4; job++) {
        gate.send(true);
      }
      pool.close();
      scope.join();
    }
  }

  @Test
  void closeRunsWhatWaitsAndLetsWhatRunsFinish() throws InterruptedException {
    Channel<Boolean> gate = Channel.rendezvous();
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Boolean> pool =
          WorkerPool.start(scope, "pool", 2, 8, _ -> gate.receive());
      List<Reply<Boolean>> replies = new ArrayList<>();
      for (int job = 0; job < 6; job++) {
        replies.add(accepted(pool.submit(job)));
      }
      var closed = new Reply<Boolean>();
      scope.start(
          "closer",
          () -> {
            pool.close();
            closed.complete(true);
          });
      Eventually.that(Eventually.channel(scope, "pool.queue")::isClosedForSend);

      for (int job = 0; job < 6; job++) {
        assertFalse(closed.isDone(), "job " + job + " has not ended");
        gate.send(true);
      }
      assertTrue(closed.await());
      for (Reply<Boolean> reply : replies) {
        assertTrue(reply.isDone());
        assertTrue(reply.await());
      }
      scope.join();
    }
  }

  @Test
  void anyThreadMayCloseAndMoreThanOnce() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Integer> pool = WorkerPool.start(scope, "pool", 2, 8, job -> job);
      var answer = accepted(pool.submit(7));
      for (int closer = 0; closer < 20; closer++) {
        scope.start(
            "closer-" + closer,
            () -> {
              pool.close();
              pool.close();
            });
      }
      pool.close();
      assertTrue(answer.isDone());
      scope.join(); // nobody has failed
      assertEquals(7, answer.await());
    }
  }

  @Test
  void submitAfterCloseIsAnAnswerNoCrash() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Integer> pool = WorkerPool.start(scope, "pool", 2, 8, job -> job);
      pool.close();
      assertEquals(new Submission.Closed<Integer>(), pool.submit(1));
      scope.join();
    }
  }

  @Test
  void whoWaitsInSubmitIsToldOfTheClose() throws InterruptedException {
    Channel<Boolean> gate = Channel.rendezvous();
    try (var scope = Scope.open("test")) {
      WorkerPool<Integer, Boolean> pool =
          WorkerPool.start(scope, "pool", 1, 1, _ -> gate.receive());
      Channel<?> queue = Eventually.channel(scope, "pool.queue");
      pool.submit(1);
      Eventually.that(() -> queue.stats().received() == 1);
      pool.submit(2);
      var submitted = new Reply<Submission<Boolean>>();
      scope.start("submitter", () -> submitted.complete(pool.submit(3)));
      Eventually.that(() -> queue.stats().waitingSenders() == 1);

      scope.start("closer", pool::close);

      assertInstanceOf(Submission.Closed.class, submitted.await());
      gate.send(true);
      gate.send(true);
      scope.join();
    }
  }

  @Test
  void eachJobIsRunExactlyOnce() throws InterruptedException {
    int submitters = 8;
    int each = 2_000;
    try (var scope = Scope.open("test")) {
      Channel<Integer> runs = scope.channel("runs", 64);
      WorkerPool<Integer, Integer> pool =
          WorkerPool.start(
              scope,
              "pool",
              4,
              16,
              job -> {
                runs.send(job);
                return job;
              });
      var counted = new Reply<int[]>();
      scope.start("counter", () -> counted.complete(count(runs, submitters * each)));
      try (var submitting = scope.child("submitting")) {
        for (int submitter = 0; submitter < submitters; submitter++) {
          int first = submitter * each;
          submitting.start(
              "submitter-" + submitter,
              () -> {
                for (int job = first; job < first + each; job++) {
                  accepted(pool.submit(job));
                }
              });
        }
        submitting.join();
      }
      pool.close();
      runs.close();
      int[] once = IntStream.range(0, submitters * each).map(_ -> 1).toArray();
      assertEquals(
          IntStream.of(once).boxed().toList(), IntStream.of(counted.await()).boxed().toList());
      scope.join();
    }
  }

  private static int[] count(Channel<Integer> runs, int jobs) {
    int[] counts = new int[jobs];
    for (int job : runs) {
      counts[job]++;
    }
    return counts;
  }

  private static <R> Reply<R> accepted(Submission<R> submission) {
    return switch (submission) {
      case Submission.Accepted<R>(Reply<R> reply) -> reply;
      case Submission.Closed<R>() -> throw new AssertionError("the pool is closed");
    };
  }
}
