package dev.sluice.cookbook;

import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.patterns.Multiplexer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;

/**
 * Task 25: one source floods, nine are modest, and all share one output that cannot take all.
 *
 * <pre>
 *   source 0, 10,000/s --[16]--\
 *   source 1,    100/s --[16]---+--> in turn --> receiver, 2,000/s
 *   ...                        /
 *   source 9,    100/s --[16]-'
 * </pre>
 *
 * <p>Each input has a buffer of its own, and they are served in turn. The nine want 900 a second
 * together, and get them. The flooder gets what is left, fills its own sixteen places and then
 * waits in its own {@code send}: nobody else notices. With one buffer for all, it would fill that,
 * and the nine would wait behind it.
 *
 * <p>{@code SubmissionPublisher} has a buffer for each subscriber, so the same on the other side:
 * it keeps a slow receiver from holding up the quick ones. Take it for one source and many
 * receivers, and {@link Multiplexer} for many sources and one receiver.
 */
final class Multiplexing {
  static final int SOURCES = 10;
  static final int FLOODER = 0;

  /** Everybody does its work of this time in one go. */
  static final Duration ROUND = Duration.ofMillis(10);

  private static final int CAP = 16;
  private static final int RECEIVED_A_ROUND = 20;
  private static final int ROUNDS = 100;

  /**
   * What a source wanted to send and what the receiver has received of it.
   *
   * @param wanted by its rate
   * @param received in that time
   */
  record Share(int wanted, int received) {}

  private record Value(int source, int number) {}

  private Multiplexing() {}

  static void run(PrintStream out) throws InterruptedException {
    Share[] shares = measure(ROUNDS, Clock.system());
    for (int source = 0; source < SOURCES; source++) {
      Share share = shares[source];
      out.printf(
          "source %d wanted to send %,6d and got %,6d through: %3d%%%n",
          source, share.wanted(), share.received(), 100 * share.received() / share.wanted());
    }
    for (int source = 1; source < SOURCES; source++) {
      Check.that(2 * shares[source].received() > shares[source].wanted(), "the modest get through");
    }
    Check.that(
        2 * shares[FLOODER].received() < shares[FLOODER].wanted(), "the flooder is held back");
  }

  /** Lets them run for so many rounds and counts. */
  static Share[] measure(int rounds, Clock clock) throws InterruptedException {
    try (var scope = Scope.open("multiplexing", clock)) {
      var multiplexer =
          Multiplexer.<Value>start(scope, "multiplexed", Collections.nCopies(SOURCES, CAP));
      for (int i = 0; i < SOURCES; i++) {
        int source = i;
        scope.start("source-" + source, () -> send(source, multiplexer.input(source), clock));
      }
      int[] received = receive(rounds, multiplexer.output(), clock);
      var shares = new Share[SOURCES];
      Arrays.setAll(shares, i -> new Share(rounds * perRound(i), received[i]));
      return shares;
    } // which cancels the sources
  }

  private static int perRound(int source) {
    return source == FLOODER ? 100 : 1;
  }

  /** Sends at its rate; a source that is late does not wait. */
  private static void send(int source, SendChannel<Value> input, Clock clock)
      throws InterruptedException {
    long due = clock.nanos();
    for (int number = 0; ; number++) {
      if (number % perRound(source) == 0) {
        due += ROUND.toNanos();
        Pause.of(Duration.ofNanos(due - clock.nanos()), clock);
      }
      input.send(new Value(source, number));
    }
  }

  /** Takes what a round allows, and counts by source. */
  private static int[] receive(int rounds, ReceiveChannel<Value> output, Clock clock)
      throws InterruptedException {
    var received = new int[SOURCES];
    long due = clock.nanos();
    for (int round = 0; round < rounds; round++) {
      due += ROUND.toNanos();
      Pause.of(Duration.ofNanos(due - clock.nanos()), clock);
      for (int i = 0; i < RECEIVED_A_ROUND; i++) {
        received[output.receive().source()]++;
      }
    }
    return received;
  }
}
