package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Task 8: a quick producer and a slow consumer, with a buffer between them.
 *
 * <pre>
 *   producer, as quick as it can --> [K] --> consumer, one every 200 us
 * </pre>
 *
 * <p>The buffer lets the producer run ahead by K items and no further; then it sends at the
 * consumer's pace. So a buffer evens out bursts, but makes no slow consumer quicker, and a longer
 * one only puts off the moment when the producer feels it. With a rendezvous the producer knows
 * after each send that the item has been received; with K = 1 it may be one item ahead, and no
 * longer knows.
 *
 * <p>{@code ArrayBlockingQueue} is the same buffer, without rendezvous ({@code SynchronousQueue} is
 * that), end, select or cancelling. Take it where only threads of your own put and take, and a
 * channel where streams end and somebody waits for several.
 */
final class BoundedBuffer {
  private static final int ITEMS = 1_000;
  private static final Duration PACE = Duration.ofNanos(200_000);

  /**
   * What a run has measured.
   *
   * @param produced until the producer had sent its last item
   * @param consumed until the consumer had received it
   * @param received how many items, each the successor of the one before
   */
  record Run(Duration produced, Duration consumed, int received) {}

  private BoundedBuffer() {}

  static void run(PrintStream out) throws InterruptedException {
    out.printf("%d items, one consumed every %,d us%n", ITEMS, PACE.toNanos() / 1000);
    for (int capacity : new int[] {0, 1, 64, ITEMS}) {
      Run run = transfer(ITEMS, capacity, PACE, Clock.system());
      Check.equal(ITEMS, run.received(), "items received");
      out.printf(
          "%-12s producer done after %,4d ms, consumer after %,4d ms%n",
          capacity == 0 ? "rendezvous" : "K = " + capacity,
          run.produced().toMillis(),
          run.consumed().toMillis());
    }
  }

  /** Sends so many items through a buffer of that capacity to a consumer of that pace. */
  static Run transfer(int items, int capacity, Duration pace, Clock clock)
      throws InterruptedException {
    try (var scope = Scope.open("bounded", clock)) {
      Channel<Integer> buffer = scope.channel("buffer", capacity);
      Channel<Duration> produced = scope.channel("produced", 1);
      long start = clock.nanos();
      scope.start(
          "producer",
          () -> {
            produce(items, buffer);
            produced.send(Duration.ofNanos(clock.nanos() - start));
          });
      int received = consume(buffer, pace, clock);
      var consumed = Duration.ofNanos(clock.nanos() - start);
      scope.join();
      return new Run(produced.receive(), consumed, received);
    }
  }

  private static void produce(int items, SendChannel<Integer> buffer) throws InterruptedException {
    for (int item = 0; item < items; item++) {
      buffer.send(item);
    }
    buffer.close();
  }

  private static int consume(ReceiveChannel<Integer> buffer, Duration pace, Clock clock)
      throws InterruptedException {
    int received = 0;
    for (int item : buffer) {
      Check.equal(received, item, "the next item");
      received++;
      Pause.of(pace, clock);
    }
    return received;
  }
}
