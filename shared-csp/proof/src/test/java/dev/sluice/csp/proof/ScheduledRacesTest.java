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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Races of threads that really park, each run under many schedules by Lincheck's model checker,
 * which also finds the thread that nobody wakes. Between them they hold what linearizability does
 * not: that whoever is to go on does.
 *
 * <p>The threads are the platform's: the model checker cannot steer virtual ones. For the channel
 * there is no difference, both park and are interrupted alike.
 */
class ScheduledRacesTest {
  private static final int SCHEDULES = Boolean.getBoolean("deep") ? 20_000 : 300;

  private static final String SENT = "sent";
  private static final String CLOSED = "closed";
  private static final String INTERRUPTED = "interrupted";

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theReceiverThatWaitsIsWoken(int capacity) {
    explore(() -> {
      Channel<Integer> channel = Channel.of(capacity);
      var receiver = new Party(() -> String.valueOf(channel.receive()));
      channel.send(7);
      assertEquals("7", receiver.end());
      assertSettled(channel);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void eachOfTwoSendersThatWaitIsWoken(int capacity) {
    explore(() -> {
      Channel<Integer> channel = Channel.of(capacity);
      var one = new Party(() -> send(channel, 1));
      var other = new Party(() -> send(channel, 2));
      int first = channel.receive();
      int second = channel.receive();
      assertEquals(3, first + second);
      assertEquals(SENT, one.end());
      assertEquals(SENT, other.end());
      assertSettled(channel);
    });
  }

  @Test
  void closeWakesAllThatWait() {
    explore(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      var one = new Party(() -> String.valueOf(channel.receiveOrNull()));
      var other = new Party(() -> String.valueOf(channel.receiveOrNull()));
      channel.close();
      assertEquals("null", one.end());
      assertEquals("null", other.end());
      assertSettled(channel);
    });
  }

  @Test
  void closeMeetsASenderAndAReceiver() {
    explore(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      var sender = new Party(() -> send(channel, 1));
      var receiver = new Party(() -> String.valueOf(channel.receiveOrNull()));
      channel.close();
      String sent = sender.end();
      assertEquals(sent.equals(SENT) ? "1" : "null", receiver.end());
      assertSettled(channel);
    });
  }

  @Test
  void theInterruptedSenderHasSentOrNot() {
    explore(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      var sender = new Party(() -> send(channel, 1));
      var receiver = new Party(() -> String.valueOf(channel.receiveOrNull()));
      sender.interrupt();
      String sent = sender.end();
      if (sent.equals(INTERRUPTED)) {
        channel.send(2);
        assertEquals("2", receiver.end());
      } else {
        assertEquals("1", receiver.end());
      }
      assertSettled(channel);
    });
  }

  @Test
  void theInterruptedReceiverHasReceivedOrNot() {
    explore(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      var receiver = new Party(() -> String.valueOf(channel.receive()));
      var sender = new Party(() -> send(channel, 1));
      receiver.interrupt();
      String received = receiver.end();
      if (received.equals(INTERRUPTED)) {
        assertEquals(1, channel.receive());
      } else {
        assertEquals("1", received);
      }
      assertEquals(SENT, sender.end());
      assertSettled(channel);
    });
  }

  @Test
  void interruptionAndCloseMeetASenderInAFullBuffer() {
    explore(() -> {
      Channel<Integer> channel = Channel.buffered(1);
      channel.send(1);
      var sender = new Party(() -> send(channel, 2));
      var closer =
          new Party(() -> {
            channel.close();
            return CLOSED;
          });
      sender.interrupt();
      assertEquals(1, channel.receive());
      String sent = sender.end();
      closer.end();
      assertEquals(sent.equals(SENT) ? 2 : null, channel.receiveOrNull());
      assertSettled(channel);
    });
  }

  @Test
  void twoSendersMeetOneSelect() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var select =
          new Party(() -> {
            var either = Select.fair();
            var fromA = either.receive(a);
            var fromB = either.receive(b);
            var received = new ArrayList<Integer>();
            for (int i = 0; i < 2; i++) {
              received.add(either.await() == fromA ? fromA.value() : fromB.value());
            }
            return String.valueOf(received.get(0) + received.get(1));
          });
      var one = new Party(() -> send(a, 1));
      var other = new Party(() -> send(b, 2));
      assertEquals("3", select.end());
      assertEquals(SENT, one.end());
      assertEquals(SENT, other.end());
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
      var receiver =
          new Party(() -> {
            var select = Select.fair();
            var fromB = select.receive(b);
            var fromA = select.receive(a);
            return String.valueOf(select.await() == fromA ? fromA.value() : fromB.value());
          });
      assertEquals(sender.end(), receiver.end());
      assertSettled(a, b);
    });
  }

  @Test
  void closeEndsASelectThatAPartnerAlsoWants() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var select = new Party(() -> receiveEither(a, b));
      var sender = new Party(() -> send(b, 2));
      a.close();
      if (select.end().equals(CLOSED)) {
        assertEquals(2, b.receive());
      }
      assertEquals(SENT, sender.end());
      assertSettled(a, b);
    });
  }

  @Test
  void theInterruptedSelectHasReceivedOrNot() {
    explore(() -> {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var select = new Party(() -> receiveEither(a, b));
      var sender = new Party(() -> send(b, 2));
      select.interrupt();
      if (select.end().equals(INTERRUPTED)) {
        assertEquals(2, b.receive());
      }
      assertEquals(SENT, sender.end());
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
      var receiver = new Party(() -> String.valueOf(b.receive()));
      select.interrupt();
      String outcome = select.end();
      assertEquals("0", receiver.end());
      assertEquals(outcome.equals(SENT) ? 2 : null, b.tryReceive());
      assertSettled(a, b);
    });
  }

  private static String send(Channel<Integer> channel, int value) throws InterruptedException {
    channel.send(value);
    return SENT;
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
