package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.DeadlineExceededException;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Task 18: tasks as a group: all of them succeed, or the first failure cancels the rest. What
 * {@code errgroup} is in Go and StructuredTaskScope in the JDK (a preview in 25), a {@link Scope}
 * is here.
 *
 * <table>
 * <caption>The three beside each other</caption>
 * <tr><th></th><th>Scope</th><th>StructuredTaskScope</th><th>errgroup</th></tr>
 * <tr><td>the first failure cancels the rest</td>
 *     <td>always</td><td>by the joiner</td><td>with WithContext, if they look at it</td></tr>
 * <tr><td>the waiter gets</td>
 *     <td>that failure itself, a checked one wrapped</td><td>FailedException around it</td>
 *     <td>that error</td></tr>
 * <tr><td>later failures</td>
 *     <td>suppressed on the first</td><td>lost</td><td>lost</td></tr>
 * <tr><td>a result comes by</td>
 *     <td>a channel or a Reply</td><td>the Subtask</td><td>a variable or a channel</td></tr>
 * <tr><td>a time limit</td>
 *     <td>deadline, by any clock</td><td>withTimeout, by the machine's</td>
 *     <td>the context's</td></tr>
 * <tr><td>who may start one more</td>
 *     <td>anybody</td><td>the thread that opened it</td><td>anybody</td></tr>
 * <tr><td>the waiter forgets to wait</td>
 *     <td>close cancels and waits</td><td>the same, and it throws</td><td>they go on</td></tr>
 * <tr><td>how many at once</td>
 *     <td>a pool or a semaphore bounds it</td><td>nothing bounds it</td><td>SetLimit</td></tr>
 * <tr><td>scoped values</td><td>not inherited</td><td>inherited</td><td>there are none</td></tr>
 * </table>
 *
 * <p>Take StructuredTaskScope where one method splits its work into calls that return, and where
 * scoped values have to come along. Take a scope where the members are processes: they live on,
 * start others, talk over channels, and a test moves their time.
 *
 * <pre>
 *   all(tasks) ---> task-1 --\
 *              ---> task-2 ---+--> results, or the first failure
 *              ---> task-3 --/
 * </pre>
 */
final class TaskGroup {
  private TaskGroup() {}

  static void run(PrintStream out) throws InterruptedException {
    Clock clock = Clock.system();
    Duration limit = Duration.ofMinutes(1);
    Channel<String> never = Channel.rendezvous();

    List<String> results = all(clock, limit, List.of(() -> "bread", () -> "salt", () -> "oil"));
    Check.equal(List.of("bread", "salt", "oil"), results, "the results");
    out.println("all succeed: " + results);

    try {
      all(clock, limit, List.of(never::receive, () -> failing("no salt today")));
      throw new AssertionError("the failure was lost");
    } catch (IllegalStateException failure) {
      Check.equal("no salt today", failure.getMessage(), "the failure");
      out.println("one fails, and the other is cancelled: " + failure.getMessage());
    }

    try {
      all(clock, Duration.ofMillis(20), List.of(never::receive, never::receive));
      throw new AssertionError("the time limit was forgotten");
    } catch (DeadlineExceededException late) {
      out.println("none comes to an end: " + late.getMessage());
    }
  }

  /**
   * Runs all tasks at once.
   *
   * @return their results, in the order of the tasks
   * @throws RuntimeException the first failure of one of them, when all have ended; a checked one
   *     is wrapped
   * @throws DeadlineExceededException not all had ended in time
   */
  static <T> List<T> all(Clock clock, Duration limit, List<Callable<T>> tasks)
      throws InterruptedException {
    try (var group = Scope.open("group", clock).deadline(limit)) {
      var replies = new ArrayList<Reply<T>>();
      for (Callable<T> task : tasks) {
        var reply = new Reply<T>();
        replies.add(reply);
        group.start("task-" + replies.size(), () -> reply.complete(task.call()));
      }
      group.join();
      var results = new ArrayList<T>();
      for (Reply<T> reply : replies) {
        results.add(reply.await()); // is there already
      }
      return List.copyOf(results);
    }
  }

  private static String failing(String why) {
    throw new IllegalStateException(why);
  }
}
