package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import java.io.PrintStream;

/**
 * Task 2: a ball goes to and fro between two processes.
 *
 * <p>The count is a local variable of the process that counts. On rendezvous channels the two take
 * turns: a stroke is over when the other has the ball. With a buffer the sender may run ahead of
 * the hand-over, and no further, because it needs the ball back for the next stroke: the timing
 * changes, the count does not.
 *
 * <p>For two threads that only swap a value the JDK has the Exchanger. Channels are for those who
 * also close, select, or are more than two.
 *
 * <pre>
 *   ping --ball--> [to]  --> pong
 *     ^                       |
 *     `----------- [fro] <----'
 * </pre>
 */
final class PingPong {
  private PingPong() {}

  static void run(PrintStream out) throws InterruptedException {
    for (int capacity : new int[] {0, 1}) {
      int rounds = 1_000;
      int counted = rally(rounds, capacity);
      Check.equal(rounds, counted, "rounds counted");
      out.println(counted + " rounds through channels of capacity " + capacity);
    }
  }

  /**
   * Plays so many rounds.
   *
   * @param rounds 0 or more
   * @param capacity of both channels
   * @return how many the first player counted, when both have ended
   */
  static int rally(int rounds, int capacity) throws InterruptedException {
    if (rounds < 0) {
      throw new IllegalArgumentException("rounds is " + rounds + ", must be 0 or more");
    }
    try (var scope = Scope.open("table")) {
      Channel<Integer> to = scope.channel("to", capacity);
      Channel<Integer> fro = scope.channel("fro", capacity);
      var counted = new Reply<Integer>();
      scope.start("ping", () -> counted.complete(ping(rounds, to, fro)));
      scope.start("pong", () -> pong(to, fro));
      scope.join();
      return counted.await();
    }
  }

  private static int ping(int rounds, SendChannel<Integer> to, ReceiveChannel<Integer> fro)
      throws InterruptedException {
    int count = 0;
    while (count < rounds) {
      to.send(count);
      Check.equal(count, fro.receive(), "the ball that came back");
      count++;
    }
    to.close(); // the match is over
    return count;
  }

  private static void pong(ReceiveChannel<Integer> to, SendChannel<Integer> fro)
      throws InterruptedException {
    for (int ball : to) {
      fro.send(ball);
    }
  }
}
