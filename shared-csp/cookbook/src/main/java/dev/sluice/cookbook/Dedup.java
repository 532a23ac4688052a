package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Timer;
import dev.sluice.csp.patterns.Deduplicator;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Task 14: of a hundred values ten are different, and those pass; a value that is old passes again.
 *
 * <p>One process owns the set of what has passed. That a value is to be forgotten comes to it as a
 * message, from its one timer, which stands for the oldest; so nobody else touches the set, and
 * when the stream has ended the timer is gone. The set is bounded: when it is full the oldest value
 * makes room, and might pass again before its time.
 *
 * <pre>
 *   source --1, 2, 1, 3, 1--> deduplicator --1, 2, 3--> main
 *                timer ---------^
 * </pre>
 *
 * <p>{@code Stream.distinct()} keeps all it has ever seen: take it, or a {@code Gatherer}, for a
 * stream that ends soon. Take this for one that never ends, where a set without a bound and without
 * a clock would be a leak.
 */
final class Dedup {
  private static final int MAX_KEYS = 1_000;

  private Dedup() {}

  static void run(PrintStream out) throws InterruptedException {
    List<Integer> distinct = passHundred();
    out.println("of 100 values pass " + distinct);
    Check.equal(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), distinct, "what has passed");
    passAgain(out);
  }

  static List<Integer> passHundred() throws InterruptedException {
    try (var scope = Scope.open("dedup")) {
      Channel<Integer> values = scope.channel("values", 0);
      var passed = deduplicated(scope, values, Duration.ofHours(1));
      scope.start(
          "source",
          () -> {
            for (int i = 0; i < 100; i++) {
              values.send(i % 10);
            }
            values.close();
          });
      List<Integer> distinct = new ArrayList<>();
      passed.forEach(distinct::add);
      scope.join();
      return distinct;
    }
  }

  private static void passAgain(PrintStream out) throws InterruptedException {
    try (var scope = Scope.open("dedup")) {
      Channel<Integer> values = scope.channel("values", 0);
      var passed = deduplicated(scope, values, Duration.ofMillis(100));
      values.send(7);
      Check.equal(7, passed.receive(), "the first 7");
      Timer.after(Duration.ofMillis(150)).receive();
      values.send(7);
      Check.equal(7, passed.receive(), "the second 7");
      out.println("after 150 ms, with a time to live of 100 ms, 7 passes again");
      values.close();
      scope.join();
    }
  }

  private static ReceiveChannel<Integer> deduplicated(
      Scope scope, ReceiveChannel<Integer> values, Duration timeToLive) {
    return Deduplicator.start(
        scope, "deduplicator", values, Function.identity(), timeToLive, MAX_KEYS);
  }
}
