package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.patterns.Stages;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Task 24: two inputs, of which one goes first whenever it has something.
 *
 * <pre>
 *   high ==\
 *           +--> ordered --> main
 *   low  --/
 * </pre>
 *
 * <p>A prioritised {@link Select} takes the first ready case in the order of their making. It looks
 * at both channels at one instant, so it needs no trick: where select is always random, as in Go,
 * one asks {@code high} first, and then both, and a value may come in between.
 *
 * <p>{@code low} waits as long as {@code high} has something, for ever if need be; it gets all as
 * soon as {@code high} has nothing. A {@code PriorityBlockingQueue} orders by any comparison, but
 * it has no bound, and no end: take it for many ranks and a load that is bounded otherwise.
 */
final class PrioritySelect {
  private PrioritySelect() {}

  static void run(PrintStream out) throws InterruptedException {
    var both = List.of("high 1", "high 2", "high 3", "low 1", "low 2", "low 3");
    out.println("both ready, by a select:    " + checked(both, bySelect(3, 3)));
    out.println("both ready, by the library: " + checked(both, byStage(3, 3)));
    out.println("nothing high: " + checked(List.of("low 1", "low 2"), byStage(0, 2)));
  }

  /** With a select of one's own. */
  static List<String> bySelect(int high, int low) throws InterruptedException {
    try (var scope = Scope.open("priority")) {
      var select = Select.prioritised();
      var urgent = select.receive(filled(scope, "high", high));
      var normal = select.receive(filled(scope, "low", low));
      var received = new ArrayList<String>();
      int open = 2;
      while (open > 0) {
        var next = select.await() == urgent ? urgent : normal;
        if (next.isClosed()) {
          next.from(null); // else its end would come again and again
          open--;
        } else {
          received.add(next.value());
        }
      }
      return received;
    }
  }

  /** With a stage that does it for a receiver who knows of one channel only. */
  static List<String> byStage(int high, int low) throws InterruptedException {
    try (var scope = Scope.open("priority")) {
      var received = new ArrayList<String>();
      for (String value :
          Stages.prioritise(
              scope, "ordered", filled(scope, "high", high), filled(scope, "low", low))) {
        received.add(value);
      }
      scope.join();
      return received;
    }
  }

  /** A channel on which so many values wait, and then the end. */
  private static Channel<String> filled(Scope scope, String name, int values)
      throws InterruptedException {
    Channel<String> channel = scope.channel(name, Math.max(1, values));
    for (int i = 1; i <= values; i++) {
      channel.send(name + " " + i);
    }
    channel.close();
    return channel;
  }

  private static List<String> checked(List<String> expected, List<String> received) {
    Check.equal(expected, received, "the order");
    return received;
  }
}
