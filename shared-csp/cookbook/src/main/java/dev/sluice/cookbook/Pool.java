package dev.sluice.cookbook;

import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.WorkerPool;
import dev.sluice.csp.patterns.WorkerPool.Submission;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Task 12: four workers, a queue of eight, and a hundred jobs.
 *
 * <p>The pool is bounded on both sides: four jobs run, eight wait, and who hands in the next one
 * waits too. Closing it runs what was accepted, and whoever comes later gets an answer instead of
 * an exception: a pool that shuts down is no error of its users.
 *
 * <pre>
 *                               /--> worker 0 --\
 *   main --submit--> [8] ------+----> ...        +--> a reply a job --> main
 *                               \--> worker 3 --/
 * </pre>
 *
 * <p>An {@code ExecutorService} with a fixed number of threads does the same with an unbounded
 * queue and throws when it is shut down: take it to run tasks that may pile up, or where a library
 * asks for one. Take the pool when the producer must feel that the workers are behind, and when the
 * workers must not outlive their scope.
 */
final class Pool {
  private static final int JOBS = 100;

  private Pool() {}

  static void run(PrintStream out) throws InterruptedException {
    try (var scope = Scope.open("pool")) {
      WorkerPool<Integer, Integer> pool =
          WorkerPool.start(scope, "squares", 4, 8, number -> number * number);

      List<Reply<Integer>> replies = new ArrayList<>();
      for (int number = 1; number <= JOBS; number++) {
        switch (pool.submit(number)) {
          case Submission.Accepted(Reply<Integer> reply) -> replies.add(reply);
          case Submission.Closed() -> out.println("refused: " + number);
        }
      }
      pool.close();

      long sum = 0;
      for (Reply<Integer> reply : replies) {
        Check.that(reply.isDone(), "after close every accepted job has been run");
        sum += reply.await();
      }
      out.println(replies.size() + " jobs accepted and run, sum of squares " + sum);
      Check.equal(338_350L, sum, "sum of squares");

      pool.close(); // a second time changes nothing
      Check.that(pool.submit(101) instanceof Submission.Closed, "a closed pool takes no job");
      out.println("job 101 came too late, and was told so");
      scope.join();
    }
  }
}
