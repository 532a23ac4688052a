package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Stages;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Task 17: a plain loop over a channel that may never end, left from outside.
 *
 * <pre>
 *   numbers --> until done --> main
 *                  ^
 *         done ----'
 * </pre>
 *
 * <p>Without it every receive in the loop would be a select of the channel and {@code done}. With
 * it the loop is a loop, and ends when the input ends or {@code done} fires, whichever is first.
 * Whoever feeds the input must be told to stop too: here it lives in a scope that is cancelled.
 *
 * <p>Nothing in the JDK ends somebody else's stream from outside: {@code Stream.takeWhile} looks
 * when the next value comes, which may be never. Take {@code takeWhile} when the values tell where
 * to stop, and {@link Stages#orDone} when somebody else does.
 */
final class OrDone {
  private OrDone() {}

  static void run(PrintStream out) throws InterruptedException {
    out.println("done after three: " + firstOf(3));
    out.println("the input ends first: " + allOf(List.of(1, 2, 3)));
  }

  /** Numbers without an end; {@code done} fires after so many. */
  static List<Integer> firstOf(int count) throws InterruptedException {
    try (var scope = Scope.open("or-done")) {
      var numbers =
          Stages.generate(scope, "numbers", 0, () -> Stream.iterate(1, n -> n + 1).iterator());
      Channel<Void> done = scope.channel("done", 0);
      var received = new ArrayList<Integer>();
      for (int number : Stages.orDone(scope, "until done", done, numbers)) {
        received.add(number);
        if (received.size() == count) {
          done.close();
        }
      }
      Check.equal(count, received.size(), "received before done");
      return received; // and the scope ends with it: nobody wants the other numbers
    }
  }

  /** Numbers that end by themselves; {@code done} never fires. */
  static List<Integer> allOf(List<Integer> values) throws InterruptedException {
    try (var scope = Scope.open("or-done")) {
      var numbers = Stages.generate(scope, "numbers", 0, values);
      Channel<Void> done = scope.channel("done", 0);
      var received = new ArrayList<Integer>();
      for (int number : Stages.orDone(scope, "until done", done, numbers)) {
        received.add(number);
      }
      scope.join();
      Check.equal(values, received, "received to the end");
      return received;
    }
  }
}
