package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.patterns.Stages;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Task 7: a channel that carries nothing and is closed to say "stop".
 *
 * <pre>
 *             done (closed by main)
 *              v
 *   1, 2, 3, ... --> [0] --> main
 * </pre>
 *
 * <p>Closing reaches all who wait on {@code done}, however many; sending would reach one. The
 * generator waits for its receiver and for {@code done} at once, in one select, so it stops where
 * it stands and not after the next send. {@link #generate} shows how it is made; the library has it
 * ready as {@link Stages#generate(Scope, String, ReceiveChannel, Iterable)}.
 *
 * <p>A scope brings its own: {@link Scope#done}, closed when the scope is cancelled, which also
 * interrupts whoever waits elsewhere, as {@code Thread.interrupt} and {@code StructuredTaskScope}
 * do. Take a {@code done} of your own to stop some of a scope's processes while the others go on.
 */
final class DoneIdiom {
  private DoneIdiom() {}

  static void run(PrintStream out) throws InterruptedException {
    out.println("by hand, stopped after five: " + stopAfter(5, DoneIdiom::generate));
    out.println("from the library: " + stopAfter(5, DoneIdiom::ready));
    out.println("closing done twice: " + closeTwice());
  }

  /** How a generator is started. */
  interface Generator {
    ReceiveChannel<Integer> start(Scope scope, ReceiveChannel<Void> done);
  }

  /** Receives so many numbers, then fires {@code done} and waits for the generator's end. */
  static List<Integer> stopAfter(int count, Generator generator) throws InterruptedException {
    try (var scope = Scope.open("done")) {
      Channel<Void> done = scope.channel("done", 0);
      var numbers = generator.start(scope, done);
      var received = new ArrayList<Integer>();
      while (received.size() < count) {
        received.add(numbers.receive());
      }
      done.close();
      scope.join(); // the next number is received by nobody
      Check.that(numbers.isClosedForReceive(), "the numbers have ended");
      return received;
    }
  }

  /** The generator, made by hand. */
  static ReceiveChannel<Integer> generate(Scope scope, ReceiveChannel<Void> done) {
    Channel<Integer> numbers = scope.channel("numbers", 0);
    scope.start("generator", () -> generate(done, numbers));
    return numbers;
  }

  private static void generate(ReceiveChannel<Void> done, SendChannel<Integer> numbers)
      throws InterruptedException {
    var select = Select.prioritised(); // when both are ready: stop
    var stop = select.receive(done);
    var next = select.send(numbers);
    int number = 1;
    next.value(number);
    while (select.await() != stop) {
      number++;
      next.value(number);
    }
    numbers.close();
  }

  /** The library's. */
  static ReceiveChannel<Integer> ready(Scope scope, ReceiveChannel<Void> done) {
    return Stages.generate(scope, "numbers", done, () -> Stream.iterate(1, n -> n + 1).iterator());
  }

  /** It can be said once: whoever says it twice has lost count of who owns {@code done}. */
  static String closeTwice() {
    try (var scope = Scope.open("twice")) {
      Channel<Void> done = scope.channel("done", 0);
      done.close();
      done.close();
      throw new IllegalStateException("not so: closing twice is rejected");
    } catch (ChannelClosedException rejected) {
      return "rejected, " + rejected.getMessage();
    }
  }
}
