package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/**
 * Task 21: how many values a second go from one process to another, through a channel and through
 * the JDK's queues, which are here to be compared with.
 *
 * <p>This is a look, not a measurement: a few thousand values, one JVM, whatever else the machine
 * does meanwhile. {@code ./sluice bench channels} measures, and its README explains. What can be
 * seen here: a buffer spares most of the waking, so it is worth more than anything else.
 *
 * <p>Take a BlockingQueue between threads that never close it and wait for nothing else. Take a
 * channel where the end of the stream, a select, a scope or a virtual clock is part of the story.
 *
 * <pre>
 *   sender --> [0, 1, 16, 256, 4096] --> receiver
 * </pre>
 */
final class Throughput {
  static final List<Integer> CAPACITIES = List.of(0, 1, 16, 256, 4096);
  private static final int VALUES = 20_000;
  private static final int WARMUPS = 10;
  private static final int ROUNDS = 5;
  private static final int WIDTH = 40;

  /** What carries the values. */
  interface Link {
    void send(Integer value) throws InterruptedException;

    Integer receive() throws InterruptedException;
  }

  /**
   * One bar of the plot.
   *
   * @param name what was measured
   * @param perSecond values a second, more than 0
   */
  record Rate(String name, double perSecond) {}

  private Throughput() {}

  static void run(PrintStream out) throws InterruptedException {
    out.println("Values a second, one sender, one receiver:");
    plot(measure(VALUES, Clock.system())).forEach(out::println);
  }

  /** Measures the channel and its peer at each capacity. */
  static List<Rate> measure(int values, Clock clock) throws InterruptedException {
    var rates = new ArrayList<Rate>();
    for (int capacity : CAPACITIES) {
      rates.add(median("channel(" + capacity + ")", () -> channel(capacity), values, clock));
      String peer = capacity == 0 ? "SynchronousQueue" : "ArrayBlockingQueue(" + capacity + ")";
      rates.add(median(peer, () -> queue(capacity), values, clock));
    }
    return List.copyOf(rates);
  }

  private interface Making {
    Link link();
  }

  private static Rate median(String name, Making making, int values, Clock clock)
      throws InterruptedException {
    for (int i = 0; i < WARMUPS; i++) { // until what runs is compiled
      transfer(making.link(), values, clock);
    }
    var nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      nanos[i] = transfer(making.link(), values, clock);
    }
    Arrays.sort(nanos);
    return new Rate(name, values * 1e9 / nanos[ROUNDS / 2]);
  }

  /** Sends so many values through it, and answers how many nanoseconds that took. */
  private static long transfer(Link link, int values, Clock clock) throws InterruptedException {
    try (var scope = Scope.open("transfer", clock)) {
      var sum = new Reply<Long>();
      long start = clock.nanos();
      scope.start("sender", () -> send(link, values));
      scope.start("receiver", () -> sum.complete(receive(link, values)));
      scope.join();
      long nanos = Math.max(1, clock.nanos() - start);
      Check.equal(sum(values), sum.await(), "the sum of what arrived");
      return nanos;
    }
  }

  private static void send(Link link, int values) throws InterruptedException {
    for (int i = 0; i < values; i++) {
      link.send(i & 127); // those are not allocated
    }
  }

  private static long receive(Link link, int values) throws InterruptedException {
    long sum = 0;
    for (int i = 0; i < values; i++) {
      sum += link.receive();
    }
    return sum;
  }

  private static long sum(int values) {
    long sum = 0;
    for (int i = 0; i < values; i++) {
      sum += i & 127;
    }
    return sum;
  }

  private static Link channel(int capacity) {
    Channel<Integer> channel = Channel.of(capacity);
    return new Link() {
      @Override
      public void send(Integer value) throws InterruptedException {
        channel.send(value);
      }

      @Override
      public Integer receive() throws InterruptedException {
        return channel.receive();
      }
    };
  }

  private static Link queue(int capacity) {
    BlockingQueue<Integer> queue =
        capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity);
    return new Link() {
      @Override
      public void send(Integer value) throws InterruptedException {
        queue.put(value);
      }

      @Override
      public Integer receive() throws InterruptedException {
        return queue.take();
      }
    };
  }

  /** Draws a bar for each rate; the highest is the longest, and none is without a mark. */
  static List<String> plot(List<Rate> rates) {
    double highest = rates.stream().mapToDouble(Rate::perSecond).max().orElse(1);
    return rates.stream().map(rate -> bar(rate, highest)).toList();
  }

  private static String bar(Rate rate, double highest) {
    int length = (int) Math.max(1, Math.round(WIDTH * rate.perSecond() / highest));
    return String.format(
        Locale.ROOT,
        "  %-24s %-" + WIDTH + "s %,12d",
        rate.name(),
        "#".repeat(length),
        Math.round(rate.perSecond()));
  }
}
