package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Ticker;
import dev.sluice.csp.patterns.Debouncer;
import dev.sluice.csp.patterns.Debouncer.Edge;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Task 15: a hundred events, a millisecond apart, and one that passes.
 *
 * <p>On the trailing edge it is the last of the burst, 50 ms after it, as for a search that begins
 * when the typing pauses. On the leading edge it is the first, at once, as for a button that is
 * pressed twice. It is one flag of the same process, which waits for the next event or for the
 * quiet time, whichever comes first; no timer is set, so none is left.
 *
 * <pre>
 *   keyboard --1, 2, 3, ... 100--> debouncer --100--> main
 * </pre>
 *
 * <p>The JDK's stream gatherers see elements, not the time between them, and {@code Flow} brings no
 * operators at all: take this where time decides, and a {@code Gatherer} where only the values do.
 */
final class Debounce {
  static final int EVENTS = 100;
  static final Duration QUIET = Duration.ofMillis(50);

  private static final Duration APART = Duration.ofMillis(1);

  private Debounce() {}

  static void run(PrintStream out) throws InterruptedException {
    List<Integer> trailing = passed(Edge.TRAILING);
    out.println("trailing edge: " + trailing);
    Check.equal(EVENTS, trailing.getLast(), "the last event");

    List<Integer> leading = passed(Edge.LEADING);
    out.println("leading edge: " + leading);
    Check.equal(1, leading.getFirst(), "the first event");
  }

  /** More than one, if the machine itself has paused for as long as the quiet time. */
  private static List<Integer> passed(Edge edge) throws InterruptedException {
    try (var scope = Scope.open("debounce")) {
      Channel<Integer> keys = scope.channel("keys", 0);
      scope.start("keyboard", () -> type(keys));
      List<Integer> passed = new ArrayList<>();
      for (int event : Debouncer.start(scope, "debouncer", keys, QUIET, edge)) {
        passed.add(event);
      }
      scope.join();
      return passed;
    }
  }

  private static void type(Channel<Integer> keys) throws InterruptedException {
    try (var ticker = Ticker.every(APART)) {
      for (int key = 1; key <= EVENTS; key++) {
        ticker.channel().receive();
        keys.send(key);
      }
    }
    keys.close();
  }
}
