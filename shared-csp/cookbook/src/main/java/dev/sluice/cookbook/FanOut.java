package dev.sluice.cookbook;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Task 10: several workers share one source.
 *
 * <pre>
 *              /--> results-0 --\
 *   numbers --+---> results-1 ---+--> [4] --> main
 *              \--> results-2 --/
 * </pre>
 *
 * <p>A worker takes the next number when it is free, so a slow one takes fewer. No number is taken
 * twice: what a channel has handed over is gone. Results wait in a buffer of four; while it is
 * full, the workers wait and so does the source. When the source ends, the workers end, and after
 * the last of them the results.
 *
 * <p>{@code Gatherers.mapConcurrent} does the same inside one stream and keeps the order: take it
 * when the whole is one expression. An {@code ExecutorService} keeps its threads for jobs of many
 * kinds, and its queue has no bound unless you build it; take {@link Stages#fanOut} where the data
 * flows on and what is slow shall slow down what is quick.
 */
final class FanOut {
  private static final Duration WORK = Duration.ofMillis(1);
  private static final int RESULTS = 4;

  /** Which worker has done which number. */
  record Done(int worker, int number) {}

  private FanOut() {}

  static void run(PrintStream out) throws InterruptedException {
    List<Done> done = share(5, 100, Clock.system());
    Check.equal(100, (int) done.stream().map(Done::number).distinct().count(), "numbers done");
    Check.equal(100, done.size(), "results");
    var shares =
        done.stream()
            .collect(Collectors.groupingBy(Done::worker, TreeMap::new, Collectors.counting()));
    out.println("100 numbers, done by 5 workers: " + shares);
  }

  /** Lets so many workers do so many numbers, each in {@link #WORK}. */
  static List<Done> share(int workers, int numbers, Clock clock) throws InterruptedException {
    try (var scope = Scope.open("fan-out", clock)) {
      var source =
          Stages.generate(scope, "numbers", 0, IntStream.range(0, numbers).boxed().toList());
      var results =
          Stages.fanOut(
              scope,
              "results",
              RESULTS,
              workers,
              source,
              worker ->
                  number -> {
                    Pause.of(WORK, clock);
                    return new Done(worker, number);
                  });
      var done = new ArrayList<Done>();
      for (Done each : results) {
        done.add(each);
      }
      scope.join();
      return done;
    }
  }
}
