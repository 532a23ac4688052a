package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.DynamicPipeline;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Task 19: stages are added and removed while values flow.
 *
 * <pre>
 *   words --> [entry] --> [upper case] --> [quoted] --> [exit] --> main
 *                ^
 *   push, pop ---'
 * </pre>
 *
 * <p>Nobody stops the pipeline, and no stage is changed under somebody's hands. A change is a
 * message that travels among the words: what came before it goes the old way, what comes after it
 * the new. A stage that is removed first sends on what it has.
 *
 * <p>A {@code Stream} is built once; its stages may read a flag, but then nobody knows at which
 * value it changed. Take a stream when the stages are known at the start, and {@link
 * DynamicPipeline} when somebody decides while values flow.
 */
final class ChangingPipeline {
  private ChangingPipeline() {}

  static void run(PrintStream out) throws InterruptedException {
    List<String> received = change();
    received.forEach(out::println);
    Check.equal(List.of("one", "TWO", "<THREE>", "FOUR", "five"), received, "what came out");
  }

  /** Sends a word after each change, and answers what came out. */
  static List<String> change() throws InterruptedException {
    try (var scope = Scope.open("changing")) {
      Channel<String> words = scope.channel("words", 0);
      var pipeline = DynamicPipeline.start(scope, "pipeline", 1, 4, words);
      scope.start("writer", () -> write(words, pipeline));
      var received = new ArrayList<String>();
      for (String word : pipeline.output()) {
        received.add(word);
      }
      scope.join();
      return received;
    }
  }

  private static void write(Channel<String> words, DynamicPipeline<String> pipeline)
      throws InterruptedException {
    words.send("one");
    pipeline.push("upper case", word -> word.toUpperCase(Locale.ROOT));
    words.send("two");
    pipeline.push("quoted", word -> "<" + word + ">");
    words.send("three");
    pipeline.pop();
    words.send("four");
    pipeline.pop();
    words.send("five");
    words.close();
  }
}
