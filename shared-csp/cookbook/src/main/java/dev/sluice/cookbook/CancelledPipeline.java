package dev.sluice.cookbook;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Task 11: a pipeline without an end, cancelled while values flow.
 *
 * <pre>
 *   numbers --> [8] --> primes --> [8] --> squares --> [0] --> main
 *   2, 3, 4, ...
 * </pre>
 *
 * <p>No stage knows of cancelling. Each waits on its channels only, and cancelling the scope
 * interrupts whoever waits: the source that waits for room, the filter that waits for a number, the
 * last stage that waits for main. Closing the scope then waits until all have ended.
 *
 * <p>A {@code Stream} is quicker and shorter where one thread does all the stages, and is left by
 * {@code limit} or {@code takeWhile}. {@code Flow} has stages on several threads and a subscription
 * that is cancelled, at the price of callbacks and of counting requests by hand: take it to talk to
 * libraries that do.
 */
final class CancelledPipeline {
  private static final int BUFFER = 8;
  private static final int RUNS = 200;
  private static final Duration PROMISED = Duration.ofMillis(50);

  private CancelledPipeline() {}

  static void run(PrintStream out) throws InterruptedException {
    out.println("the squares of the first primes: " + squaresOfPrimes(10));
    var ends = new ArrayList<Duration>();
    for (int i = 0; i < RUNS; i++) {
      ends.add(timeToEnd(100, Clock.system()));
    }
    Collections.sort(ends);
    out.printf(
        "from cancel to the end of all stages, %d runs: median %s us, longest %s us (it is to be under"
            + " %d ms: %s)%n",
        RUNS,
        micros(ends.get(RUNS / 2)),
        micros(ends.getLast()),
        PROMISED.toMillis(),
        ends.getLast().compareTo(PROMISED) < 0 ? "it is" : "IT IS NOT");
  }

  /** The first values, after which the pipeline is cancelled. */
  static List<Long> squaresOfPrimes(int count) throws InterruptedException {
    try (var scope = Scope.open("pipeline")) {
      var squares = start(scope);
      var received = new ArrayList<Long>();
      while (received.size() < count) {
        received.add(squares.receive());
      }
      return received;
    } // closing cancels what still runs, and waits for it
  }

  /** Receives so many values, cancels in mid-stream, and measures until all stages have ended. */
  static Duration timeToEnd(int received, Clock clock) throws InterruptedException {
    try (var scope = Scope.open("pipeline", clock)) {
      var squares = start(scope);
      for (int i = 0; i < received; i++) {
        squares.receive();
      }
      long start = clock.nanos();
      scope.cancel();
      scope.join();
      long end = clock.nanos();
      Check.equal(List.of(), scope.processes(), "the processes that are left");
      Check.that(squares.isClosedForReceive(), "the output has ended");
      return Duration.ofNanos(end - start);
    }
  }

  private static ReceiveChannel<Long> start(Scope scope) {
    var numbers =
        Stages.generate(
            scope, "numbers", BUFFER, () -> LongStream.iterate(2, n -> n + 1).iterator());
    var primes = Stages.filter(scope, "primes", BUFFER, numbers, CancelledPipeline::isPrime);
    return Stages.map(scope, "squares", 0, primes, n -> n * n);
  }

  private static boolean isPrime(long number) {
    for (long divisor = 2; divisor * divisor <= number; divisor++) {
      if (number % divisor == 0) {
        return false;
      }
    }
    return true;
  }

  private static String micros(Duration duration) {
    return "%,d".formatted(duration.toNanos() / 1000);
  }
}
