package dev.sluice.csp.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ChannelStats;
import dev.sluice.csp.Select;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Races of threads that really park and are really interrupted by another, each run under many
 * schedules by Lincheck's model checker.
 *
 * <p>Every thread here ends under any schedule of a right channel, and what is asserted is what the
 * parties have seen of each other. A thread that nobody wakes is not found here: the checker lets a
 * parked thread wake up for no reason, as Java allows, and then it looks and goes on. That is what
 * {@link WakeUpTest} and {@link SoakTest} are for, on real threads.
 *
 * <p>The threads are the platform's: the checker cannot steer virtual ones. For the channel there
 * is no difference, both park and are interrupted alike.
 *
 * <p>Runs with {@code -Ddeep} only: few schedules would find little, and many take minutes.
 */
@EnabledIfSystemProperty(named = "deep", matches = "true")
class ScheduledRacesTest {
  private static final int SCHEDULES = Integer.getInteger("schedules", 3_000);

  private static final String SENT = "sent";
  private static final String NOTHING = "null";
  private static final String CLOSED = "closed";
  private static final String INTERRUPTED = "interrupted";

  @Test
  void closeMeetsASenderAndAReceiver() {
    explore(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      var sender = new Party(() -> send(channel, 1));
      var receiver = new Party(() -> String.valueOf(channel.receiveOrNull()));
      channel.close();
      assertEquals(sender.end().equals(SENT) ? "1" : NOTHING, receiver.end());
      assertSettled(channel);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theInterruptedSenderHasSentOrNot(int capacity) {
    explore(() -> {
      Channel<Integer> channel = Channel.of(capacity);
      for (int i = 0; i < capacity; i++) {
        channel.send(0);
      }
      var sender = new Party(() -> send(channel, 1));
      var receiver = new Party(() -> String.valueOf(channel.tryReceive()));
      sender.interrupt();
      boolean sent = sender.end().equals(SENT);
      String received = receiver.end();
      if (capacity == 0) {
        assertEquals(sent ? "1" : NOTHING, received);
      } else {
        assertEquals("0", received);
        assertEquals(sent ? 1 : null, channel.tryReceive());
      }
      assertSettled(channel);
    });
  }

  @Test
  void theInterruptedReceiverHasReceivedOrNot() {
    explore(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      var receiver = new Party(() -> String.valueOf(channel.receive()));
      var sender = new Party(() -> trySend(channel, 1));
      receiver.interrupt();
      assertEquals(sender.end().equals(SENT) ? "1" : INTERRUPTED, receiver.end());
      assertSettled(channel);
    });
  }

  @Test
  void twoSendersMeetOneSelect() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var one = new Party(() -> send(a, 1));
      var other = new Party(() -> send(b, 2));
      var either = Select.fair();
      var fromA = either.receive(a);
      var fromB = either.receive(b);
      int first = either.await() == fromA ? fromA.value() : fromB.value();
      int second = either.await() == fromA ? fromA.value() : fromB.value();
      assertEquals(3, first + second);
      assertEquals(SENT, one.end());
      assertEquals(SENT, other.end());
      assertSettled(a, b);
    });
  }

  @Test
  void ofTwoWhoWantTheSameSelectOneHasIt() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var select = new Party(() -> receiveEither(a, b));
      var one = new Party(() -> trySend(a, 1));
      var other = new Party(() -> trySend(b, 2));
      select.interrupt();
      int sent = (one.end().equals(SENT) ? 1 : 0) + (other.end().equals(SENT) ? 2 : 0);
      assertEquals(
          switch (sent) {
            case 0 -> INTERRUPTED;
            case 1 -> "1";
            case 2 -> "2";
            default -> "one of them";
          },
          select.end());
      assertSettled(a, b);
    });
  }

  @Test
  void twoSelectsMeetOverTheSameChannelsInOppositeOrder() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var sender =
          new Party(() -> {
            var select = Select.fair();
            var toA = select.send(a).value(1);
            select.send(b).value(2);
            return select.await() == toA ? "1" : "2";
          });
      assertEquals(receiveEither(b, a), sender.end());
      assertSettled(a, b);
    });
  }

  @Test
  void closeEndsASelectThatAPartnerAlsoWants() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var select = new Party(() -> receiveEither(a, b));
      var sender = new Party(() -> trySend(b, 2));
      a.close();
      assertEquals(sender.end().equals(SENT) ? "2" : CLOSED, select.end());
      assertSettled(a, b);
    });
  }

  @Test
  void theInterruptedSelectHasSentOrNot() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.buffered(1);
      b.send(0);
      var select =
          new Party(() -> {
            var either = Select.fair();
            either.send(a).value(1);
            either.send(b).value(2);
            either.await();
            return SENT;
          });
      var receiver = new Party(() -> String.valueOf(b.tryReceive()));
      select.interrupt();
      boolean sent = select.end().equals(SENT);
      assertEquals("0", receiver.end());
      assertEquals(sent ? 2 : null, b.tryReceive());
      assertSettled(a, b);
    });
  }

  private static String send(Channel<Integer> channel, int value) throws InterruptedException {
    channel.send(value);
    return SENT;
  }

  private static String trySend(Channel<Integer> channel, int value) {
    return channel.trySend(value) ? SENT : NOTHING;
  }

  private static String receiveEither(Channel<Integer> a, Channel<Integer> b)
      throws InterruptedException {
    var either = Select.fair();
    var fromA = either.receive(a);
    var fromB = either.receive(b);
    var in = either.await() == fromA ? fromA : fromB;
    return in.isClosed() ? CLOSED : String.valueOf(in.value());
  }

  /** Nobody is left, and every value that was accepted has been received. */
  private static void assertSettled(Channel<?>... channels) {
    for (Channel<?> channel : channels) {
      ChannelStats stats = channel.stats();
      assertEquals(0, stats.waitingSenders(), "senders left on " + channel);
      assertEquals(0, stats.waitingReceivers(), "receivers left on " + channel);
      assertEquals(stats.depth(), stats.sent() - stats.received(), "values of " + channel);
    }
  }

  private interface Race {
    void run() throws InterruptedException;
  }

  private static void explore(Race race) {
    Lincheck.runConcurrentTest(
        SCHEDULES,
        () -> {
          try {
            race.run();
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
        });
  }

  private interface Body {
    String run() throws InterruptedException;
  }

  /** A thread that runs from now on, and how it ends. */
  private static final class Party {
    private final Thread thread;
    private final List<String> outcome = new ArrayList<>();

    Party(Body body) {
      thread = new Thread(() -> outcome.add(outcomeOf(body)));
      thread.start();
    }

    void interrupt() {
      thread.interrupt();
    }

    String end() throws InterruptedException {
      thread.join();
      assertEquals(1, outcome.size(), "ended without an outcome");
      return outcome.getFirst();
    }

    private static String outcomeOf(Body body) {
      try {
        return body.run();
      } catch (InterruptedException interrupted) {
        return INTERRUPTED;
      } catch (ChannelClosedException closed) {
        return CLOSED;
      }
    }
  }
}
