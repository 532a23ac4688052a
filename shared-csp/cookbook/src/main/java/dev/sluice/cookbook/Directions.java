package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import java.io.PrintStream;

/**
 * Task 5: each process is handed one direction of a channel, and the compiler holds it to that.
 *
 * <pre>
 *   generate(SendChannel) --1..100--> numbers --> sum(ReceiveChannel)
 * </pre>
 *
 * <p>A {@link Channel} is both a {@link SendChannel} and a {@link ReceiveChannel}. A process takes
 * the one that it needs, so its signature tells which way the data flows, and a generator that
 * receives from its own output, or a consumer that closes it, does not compile.
 *
 * <p>{@code BlockingQueue} has one type for both ends; {@code Flow} has a {@code Publisher} and a
 * {@code Subscriber}. Take {@code Flow} where the receiver is called, and a channel where it calls.
 */
final class Directions {
  private static final int LAST = 100;

  private Directions() {}

  static void run(PrintStream out) throws InterruptedException {
    int sum = sumUpTo(LAST);
    Check.equal(5050, sum, "the sum of 1 to 100");
    out.println("the sum of 1 to " + LAST + " is " + sum);
  }

  static int sumUpTo(int last) throws InterruptedException {
    try (var scope = Scope.open("directions")) {
      Channel<Integer> numbers = scope.channel("numbers", 0);
      scope.start("generator", () -> generate(last, numbers));
      int sum = sum(numbers);
      scope.join();
      return sum;
    }
  }

  private static void generate(int last, SendChannel<Integer> numbers) throws InterruptedException {
    for (int number = 1; number <= last; number++) {
      numbers.send(number);
    }
    numbers.close();
  }

  private static int sum(ReceiveChannel<Integer> numbers) {
    int sum = 0;
    for (int number : numbers) {
      sum += number;
    }
    return sum;
  }
}
