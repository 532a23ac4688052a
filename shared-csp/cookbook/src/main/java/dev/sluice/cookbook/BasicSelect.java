package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Timer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * Task 4: a consumer takes 20 values from whichever of two sources is first.
 *
 * <p>The sources send at random intervals of 50 to 200 ms. The select takes what is there; of two
 * that are there it takes either with the same probability, so over many runs both sources get
 * their half. When the consumer has enough, its scope ends and the sources with it.
 *
 * <p>For the first of several results, once, the JDK has {@code CompletableFuture.anyOf}; it cannot
 * take back what the others have begun. A select is for streams: the case that did not happen has
 * taken nothing, and can happen in the next round.
 *
 * <pre>
 *   left  --every 50..200 ms--\
 *                              +--> select --> 20 values
 *   right --every 50..200 ms--/
 * </pre>
 */
final class BasicSelect {
  static final int WANTED = 20;
  private static final int RUNS = 20;

  /** How many came from each source. */
  record Taken(int left, int right) {
    Taken plus(Taken other) {
      return new Taken(left + other.left, right + other.right);
    }
  }

  private BasicSelect() {}

  static void run(PrintStream out) throws InterruptedException {
    var random = new SplittableRandom(4);
    Taken all = new Taken(0, 0);
    try (var scope = Scope.open("runs")) { // side by side, because each takes a second
      Channel<Taken> results = scope.channel("results", RUNS);
      for (int i = 1; i <= RUNS; i++) {
        var own = random.split();
        scope.start("run-" + i, () -> results.send(take(WANTED, Clock.system(), own)));
      }
      for (int i = 1; i <= RUNS; i++) {
        Taken taken = results.receive();
        Check.equal(WANTED, taken.left() + taken.right(), "values taken");
        all = all.plus(taken);
      }
      scope.join();
    }
    out.println(RUNS + " runs of " + WANTED + " values:");
    out.println("  " + all.left() + " from the left source");
    out.println("  " + all.right() + " from the right source");
  }

  /** Takes so many values from two sources, which have ended when this returns. */
  static Taken take(int wanted, Clock clock, SplittableGenerator random)
      throws InterruptedException {
    try (var scope = Scope.open("select", clock)) {
      Channel<Integer> left = scope.channel("left", 0);
      Channel<Integer> right = scope.channel("right", 0);
      RandomGenerator ofLeft = random.split();
      RandomGenerator ofRight = random.split();
      scope.start("left", () -> source(left, clock, ofLeft));
      scope.start("right", () -> source(right, clock, ofRight));

      var taken = new Reply<Taken>();
      scope.start(
          "consumer",
          () -> {
            taken.complete(consume(wanted, left, right, clock, random));
            scope.cancel(); // the sources would go on for ever
          });
      scope.join();
      return taken.await();
    }
  }

  private static void source(SendChannel<Integer> out, Clock clock, RandomGenerator random)
      throws InterruptedException {
    try (var timer = Timer.start(interval(random), clock)) {
      for (int value = 0; ; value++) {
        timer.channel().receive();
        out.send(value);
        timer.reset(interval(random));
      }
    }
  }

  private static Duration interval(RandomGenerator random) {
    return Duration.ofMillis(random.nextInt(50, 201));
  }

  private static Taken consume(
      int wanted,
      ReceiveChannel<Integer> left,
      ReceiveChannel<Integer> right,
      Clock clock,
      RandomGenerator random)
      throws InterruptedException {
    var select = Select.fair(clock, random);
    var fromLeft = select.receive(left);
    select.receive(right);
    Taken taken = new Taken(0, 0);
    while (taken.left() + taken.right() < wanted) {
      boolean isLeft = select.await() == fromLeft;
      taken = taken.plus(isLeft ? new Taken(1, 0) : new Taken(0, 1));
    }
    return taken;
  }
}
