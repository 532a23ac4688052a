package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import java.io.PrintStream;

/**
 * Task 20: a channel of channels. A request carries the channel on which its answer is to come.
 *
 * <p>Each of a hundred requesters makes a channel of its own, so no answer can reach another: there
 * is nothing to match. The channel holds one value, so the server's send finds room even if the
 * requester has gone away meanwhile, and the server never waits for anybody. On a rendezvous
 * channel it would wait for ever for the first requester that was cancelled.
 *
 * <pre>
 *   requester --(question, own channel)--> requests --> server
 *       ^                                                 |
 *       +------------------ [1] &lt;---------answer--------+
 * </pre>
 *
 * <p>{@link dev.sluice.csp.Reply} is such a channel made for the purpose: it can carry a failure
 * too, tells the server that nobody waits any more, and can be waited for without blocking. The
 * JDK's relative of both is {@code CompletableFuture}: take that at the edge to code that speaks it
 * ({@code Reply.stage()} is one), and a channel where the answers are several, or are to be
 * selected beside other things.
 */
final class Replies {
  private static final int REQUESTERS = 100;

  /** What is asked, and where the answer is to come. */
  record Request(int number, SendChannel<Integer> answer) {}

  private Replies() {}

  static void run(PrintStream out) throws InterruptedException {
    out.println(askAll(REQUESTERS) + " requesters have got their own square");
    out.println("after one that has gone away the next gets " + askAfterOneThatHasGone(12));
  }

  /** All ask at once, each its own number; answers how many have got the right answer. */
  static int askAll(int requesters) throws InterruptedException {
    try (var scope = Scope.open("replies")) {
      Channel<Request> requests = scope.channel("requests", 0);
      Channel<Boolean> right = scope.channel("right", requesters);
      scope.start("server", () -> serve(requests));
      try (var asking = scope.child("requesters")) {
        for (int requester = 0; requester < requesters; requester++) {
          int number = requester;
          asking.start(
              "requester-" + number, () -> right.send(ask(requests, number) == number * number));
        }
        asking.join();
      }
      requests.close();
      right.close();
      int count = 0;
      for (boolean isRight : right) {
        Check.that(isRight, "each requester gets the answer to its own question");
        count++;
      }
      scope.join();
      Check.equal(requesters, count, "answers");
      return count;
    }
  }

  /** A requester goes away before it is served, and another comes behind it. */
  static int askAfterOneThatHasGone(int number) throws InterruptedException {
    try (var scope = Scope.open("replies")) {
      Channel<Request> requests = scope.channel("requests", 2);
      var impatient = scope.start("impatient", () -> ask(requests, 7));
      requests.send(requests.receive()); // its request is there, and waits for its turn
      impatient.cancel();
      impatient.join();

      scope.start("server", () -> serve(requests));
      int square = ask(requests, number);
      requests.close();
      scope.join();
      Check.equal(number * number, square, "the answer to who has stayed");
      return square;
    }
  }

  private static void serve(ReceiveChannel<Request> requests) {
    for (Request request : requests) {
      request.answer().trySend(request.number() * request.number()); // there is always room
    }
  }

  private static int ask(SendChannel<Request> requests, int number) throws InterruptedException {
    Channel<Integer> answer = Channel.buffered(1);
    requests.send(new Request(number, answer));
    return answer.receive();
  }
}
