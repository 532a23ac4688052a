package dev.sluice.csp.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ChannelStats;
import dev.sluice.csp.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Everything at once for a long time: senders, receivers and relays on virtual threads and threads
 * of the platform, by plain calls, tries, time limits and selects, interrupted at random, on
 * channels that are closed at random and replaced by new ones. At the end the books must balance:
 * what a sender was told is delivered has been received exactly once, what it was told is not has
 * not been received, and what one sender sent to one channel came in its order.
 *
 * <p>It runs for as long as it is told ({@code -Dsoak.seconds}, 60), in generations. Each
 * generation has its own channels, ends by closing them, and is accounted for by itself, so the
 * memory it needs does not grow. Nothing depends on how fast it goes.
 */
@EnabledIfSystemProperty(named = "deep", matches = "true")
class SoakTest {
  private static final long SECONDS = Long.getLong("soak.seconds", 60);
  private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
  private static final int SENDERS = 6;
  private static final int RECEIVERS = 5;
  private static final int EACH = 20_000;

  @Test
  void nothingIsLostOrDoubled() throws Exception {
    long start = System.nanoTime();
    long values = 0;
    long refused = 0;
    int generations = 0;
    var random = new SplittableRandom(SEED);
    do {
      var generation = new Generation(random.split());
      generation.run();
      values += generation.delivered();
      refused += (long) SENDERS * EACH - generation.delivered();
      generations++;
    } while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS));
    System.out.printf(
        "Soak, seed %d: %d generations, %,d values delivered and received once, %,d not delivered.%n",
        SEED, generations, values, refused);
    assertTrue(values > 0);
  }

  /** A few channels from their making to their end. */
  private static final class Generation {
    private final SplittableRandom random;
    private final List<Channel<Long>> channels = new ArrayList<>();
    private final byte[][] sent = new byte[SENDERS][EACH];
    private final byte[][][] received = new byte[RECEIVERS][SENDERS][EACH];
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Not always: an interrupt would also wake a thread that somebody has forgotten to wake. */
    private volatile boolean interrupting;

    Generation(SplittableRandom random) {
      this.random = random;
      interrupting = random.nextInt(3) > 0;
      for (int capacity : new int[] {0, 0, 1, 2, 16}) {
        channels.add(Channel.of(capacity));
      }
    }

    void run() throws InterruptedException {
      var senders = new ArrayList<Thread>();
      var receivers = new ArrayList<Thread>();
      for (int i = 0; i < SENDERS; i++) {
        int number = i;
        var dice = random.split();
        senders.add(start(i, () -> send(number, dice)));
      }
      for (int i = 0; i < RECEIVERS; i++) {
        int number = i;
        var dice = random.split();
        receivers.add(start(i + 1, () -> receive(number, dice)));
      }
      var victims = new ArrayList<>(senders);
      victims.addAll(receivers);
      var dice = random.split();
      Thread interrupter = Thread.ofPlatform().daemon().start(() -> interrupt(victims, dice));
      if (random.nextBoolean()) {
        closeOneEarly();
      }
      for (Thread sender : senders) {
        sender.join();
      }
      channels.forEach(Channel::tryClose);
      for (Thread receiver : receivers) {
        receiver.join();
      }
      interrupting = false;
      interrupter.join();
      if (failure.get() != null) {
        throw new AssertionError("seed " + SEED, failure.get());
      }
      assertBalanced();
    }

    private Thread start(int number, Runnable body) {
      Runnable watched =
          () -> {
            try {
              body.run();
            } catch (Throwable thrown) {
              failure.compareAndSet(null, thrown);
            }
          };
      return number % 3 == 0
          ? Thread.ofPlatform().daemon().start(watched)
          : Thread.ofVirtual().start(watched);
    }

    /** In the midst of it all: senders must cope, and what is buffered must still come. */
    @SuppressWarnings("ThreadPriorityCheck") // the others must run
    private void closeOneEarly() {
      Channel<Long> channel = channels.get(random.nextInt(channels.size()));
      long after = random.nextInt(EACH / 2);
      while (channel.stats().sent() < after && failure.get() == null) {
        Thread.yield();
      }
      channel.close();
    }

    @SuppressWarnings("ThreadPriorityCheck") // leaves the processor to its victims
    private void interrupt(List<Thread> victims, SplittableRandom dice) {
      while (interrupting) {
        victims.get(dice.nextInt(victims.size())).interrupt();
        for (int pause = dice.nextInt(100); pause > 0; pause--) {
          Thread.yield();
        }
      }
    }

    private void send(int sender, SplittableRandom dice) {
      var select = dice.nextBoolean() ? Select.fair() : Select.prioritised();
      var cases = new ArrayList<Select.SendCase<Long>>();
      channels.forEach(channel -> cases.add(select.send(channel)));
      var limited = select.after(null);
      for (int number = 0; number < EACH; number++) {
        long value = (long) sender * EACH + number;
        try {
          if (sendOne(value, dice, select, cases, limited)) {
            sent[sender][number] = 1;
          }
        } catch (InterruptedException | ChannelClosedException notSent) {
          // so it must not arrive
        }
      }
    }

    private boolean sendOne(
        long value,
        SplittableRandom dice,
        Select select,
        List<Select.SendCase<Long>> cases,
        Select.AfterCase limited)
        throws InterruptedException {
      Channel<Long> channel = channels.get(dice.nextInt(channels.size()));
      return switch (dice.nextInt(5)) {
        case 0 -> channel.trySend(value);
        case 1 -> channel.trySend(value, Duration.ofNanos(dice.nextInt(100_000)));
        case 2, 3 -> {
          for (int i = 0; i < cases.size(); i++) {
            boolean on = dice.nextInt(3) > 0 && !channels.get(i).isClosedForSend();
            cases.get(i).value(value).to(on ? channels.get(i) : null);
          }
          limited.in(Duration.ofNanos(dice.nextInt(200_000)));
          yield select.await() != limited;
        }
        default -> {
          channel.send(value);
          yield true;
        }
      };
    }

    private void receive(int receiver, SplittableRandom dice) {
      var select = dice.nextBoolean() ? Select.fair() : Select.prioritised();
      var cases = new ArrayList<Select.ReceiveCase<Long>>();
      channels.forEach(channel -> cases.add(select.receive(channel)));
      var last = new long[channels.size()][SENDERS];
      int open = channels.size();
      while (open > 0) {
        int from = -1;
        Long value = null;
        try {
          if (dice.nextInt(3) == 0) {
            from = dice.nextInt(channels.size());
            value =
                dice.nextBoolean()
                    ? channels.get(from).tryReceive()
                    : channels.get(from).tryReceive(Duration.ofNanos(dice.nextInt(100_000)));
          } else {
            Select.Case happened = select.await();
            from = cases.indexOf(happened);
            value = cases.get(from).valueOrNull();
            if (cases.get(from).isClosed()) {
              cases.get(from).from(null);
              open--;
            }
          }
        } catch (InterruptedException nothingReceived) {
          // once more
        }
        if (value != null) {
          int sender = (int) (value / EACH);
          int number = (int) (value % EACH);
          received[receiver][sender][number]++;
          // What one receiver has of one sender by one channel is in the sender's order.
          assertTrue(number + 1 > last[from][sender], "overtaken: " + value);
          last[from][sender] = number + 1L;
        }
      }
    }

    long delivered() {
      long delivered = 0;
      for (byte[] each : sent) {
        for (byte one : each) {
          delivered += one;
        }
      }
      return delivered;
    }

    private void assertBalanced() {
      List<String> wrong = new ArrayList<>();
      for (int sender = 0; sender < SENDERS; sender++) {
        for (int number = 0; number < EACH; number++) {
          int times = 0;
          for (byte[][] by : received) {
            times += by[sender][number];
          }
          if (times != sent[sender][number]) {
            wrong.add(
                "value %d of sender %d: sent %d times, received %d times"
                    .formatted(number, sender, sent[sender][number], times));
          }
        }
      }
      assertEquals(List.of(), wrong, "seed " + SEED);
      long counted = 0;
      for (Channel<Long> channel : channels) {
        ChannelStats stats = channel.stats();
        assertEquals(0, stats.depth() + stats.waitingSenders() + stats.waitingReceivers());
        assertEquals(stats.sent(), stats.received());
        counted += stats.sent();
      }
      assertEquals(delivered(), counted);
    }
  }
}
