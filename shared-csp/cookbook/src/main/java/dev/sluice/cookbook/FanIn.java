package dev.sluice.cookbook;

import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Task 9: any number of inputs become one output.
 *
 * <pre>
 *   source-0 --\
 *   source-1 ---+--> merged --> main
 *   source-2 --/
 * </pre>
 *
 * <p>The output ends after the last input, so the receiver needs to know nothing of how many there
 * were. The values of one input stay in their order; how those of several mix is chance.
 *
 * <p>The JDK has no close relative: a {@code BlockingQueue} that several threads put into mixes
 * their values too, but does not know when the last of them has finished. Take the queue when it
 * lives as long as the program, and {@link Stages#merge} when the streams end.
 */
final class FanIn {
  private FanIn() {}

  static void run(PrintStream out) throws InterruptedException {
    for (int inputs : new int[] {0, 1, 3, 50}) {
      List<String> merged = merge(inputs, 4);
      Check.equal(4 * inputs, merged.size(), "values of " + inputs + " inputs");
      out.println(inputs + " inputs of 4 values each give " + merged.size() + " values");
    }
    out.println("three inputs: " + String.join(" ", merge(3, 4)));
  }

  /** Merges so many sources, which send so many values each, and answers what came out. */
  static List<String> merge(int inputs, int values) throws InterruptedException {
    try (var scope = Scope.open("fan-in")) {
      var sources = new ArrayList<ReceiveChannel<String>>();
      for (int i = 0; i < inputs; i++) {
        sources.add(source(scope, i, values));
      }
      var merged = new ArrayList<String>();
      for (String value : Stages.merge(scope, "merged", 0, sources)) {
        merged.add(value);
      }
      scope.join();
      return merged;
    }
  }

  /** Sends 0.1, 0.2, ... or 1.1, 1.2, ... and then ends. */
  private static ReceiveChannel<String> source(Scope scope, int number, int values) {
    var numbered = IntStream.rangeClosed(1, values).mapToObj(i -> number + "." + i).toList();
    return Stages.generate(scope, "source-" + number, 0, numbered);
  }
}
