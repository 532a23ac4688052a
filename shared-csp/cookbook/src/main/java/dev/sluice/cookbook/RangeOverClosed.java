package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Task 6: a loop over a channel ends when the sender has closed it and the buffer is empty.
 *
 * <pre>
 *   fibonacci --1 1 2 3 5 8 ...--> [4] --> one consumer, or two
 * </pre>
 *
 * <p>To close is to say "no more will come"; only the sender knows that, so only the sender closes.
 * The values that are in the buffer then are still received. Two loops over one channel split its
 * values between them, and both end.
 *
 * <p>A {@code BlockingQueue} has no end: there one sends a last value that means it, one for each
 * consumer. A {@code Stream} ends as a channel does, but is pulled by one thread, which also makes
 * the values: take a channel when those who make and those who take go at their own pace.
 */
final class RangeOverClosed {
  private RangeOverClosed() {}

  static void run(PrintStream out) throws InterruptedException {
    out.println("the first ten: " + first(10));
    List<List<Long>> split = split(10);
    out.println("with two consumers: " + split.get(0) + " and " + split.get(1));
  }

  /** The first Fibonacci numbers, received by one loop. */
  static List<Long> first(int count) throws InterruptedException {
    try (var scope = Scope.open("range")) {
      Channel<Long> numbers = scope.channel("numbers", 4);
      scope.start("fibonacci", () -> fibonacci(count, numbers));
      List<Long> received = receiveAll(numbers);
      scope.join();
      Check.equal(count, received.size(), "numbers received");
      return received;
    }
  }

  /** The same numbers, received by two loops at once; answers what each received. */
  static List<List<Long>> split(int count) throws InterruptedException {
    try (var scope = Scope.open("range")) {
      Channel<Long> numbers = scope.channel("numbers", 4);
      Channel<List<Long>> received = scope.channel("received", 2);
      scope.start("consumer-1", () -> received.send(receiveAll(numbers)));
      scope.start("consumer-2", () -> received.send(receiveAll(numbers)));
      scope.start("fibonacci", () -> fibonacci(count, numbers));
      var split = List.of(received.receive(), received.receive());
      scope.join();
      Check.equal(count, split.get(0).size() + split.get(1).size(), "numbers received");
      return split;
    }
  }

  private static void fibonacci(int count, SendChannel<Long> numbers) throws InterruptedException {
    long next = 1;
    long afterNext = 1;
    for (int i = 0; i < count; i++) {
      numbers.send(next);
      long sum = next + afterNext;
      next = afterNext;
      afterNext = sum;
    }
    numbers.close();
  }

  private static List<Long> receiveAll(ReceiveChannel<Long> numbers) {
    var received = new ArrayList<Long>();
    for (long number : numbers) {
      received.add(number);
    }
    return received;
  }
}
