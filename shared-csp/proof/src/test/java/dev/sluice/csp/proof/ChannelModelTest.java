package dev.sluice.csp.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.ChannelStats;
import dev.sluice.csp.Select;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Random programs of one thread on one channel, compared step by step with a queue that is
 * obviously right. The blocking forms take part where they need not wait; every step checks all
 * that can be seen of the channel.
 */
class ChannelModelTest {

  @Property(tries = 1_000)
  void behavesAsItsModel(
      @ForAll @IntRange(min = 1, max = 8) int capacity, @ForAll("programs") List<Step> program) {
    var pair = new Pair(capacity);
    program.forEach(pair::run);
    pair.closeAndDrain();
  }

  /**
   * Nobody can be waiting, so nothing can be handed over: only the end changes what is answered.
   */
  @Property(tries = 300)
  void aRendezvousHandsNothingToNobody(@ForAll("programs") List<Step> program) {
    var pair = new Pair(0);
    program.forEach(pair::run);
    pair.closeAndDrain();
  }

  @Provide
  Arbitrary<List<Step>> programs() {
    Arbitrary<Step.Kind> kinds =
        Arbitraries.frequencyOf(
            Tuple.of(30, Arbitraries.of(Step.Kind.senders())),
            Tuple.of(30, Arbitraries.of(Step.Kind.receivers())),
            Tuple.of(1, Arbitraries.just(Step.Kind.CLOSE)));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 10))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  /** One call; {@code number} is the value to send, or how many to drain. */
  record Step(Kind kind, int number) {
    enum Kind {
      TRY_SEND,
      SEND,
      TIMED_SEND,
      SELECT_SEND,
      TRY_RECEIVE,
      RECEIVE,
      RECEIVE_OR_NULL,
      TIMED_RECEIVE,
      SELECT_RECEIVE,
      DRAIN,
      CLOSE;

      static List<Kind> senders() {
        return List.of(TRY_SEND, TRY_SEND, SEND, TIMED_SEND, SELECT_SEND);
      }

      static List<Kind> receivers() {
        return List.of(TRY_RECEIVE, RECEIVE, RECEIVE_OR_NULL, TIMED_RECEIVE, SELECT_RECEIVE, DRAIN);
      }
    }
  }

  /** The channel and its model, which take every step together. */
  private static final class Pair {
    private final int capacity;
    private final Channel<Integer> channel;
    private final ArrayDeque<Integer> model = new ArrayDeque<>();
    private boolean closed;
    private long sent;
    private long received;

    // One select of each kind for the whole program, as a loop has it.
    private final Select sending = Select.fair();
    private final Select.SendCase<Integer> sendCase;
    private final Select.OtherwiseCase notSent;
    private final Select receiving = Select.prioritised();
    private final Select.ReceiveCase<Integer> receiveCase;
    private final Select.OtherwiseCase notReceived;

    Pair(int capacity) {
      this.capacity = capacity;
      channel = Channel.of(capacity);
      sendCase = sending.send(channel);
      notSent = sending.otherwise();
      receiveCase = receiving.receive(channel);
      notReceived = receiving.otherwise();
    }

    void run(Step step) {
      try {
        switch (step.kind) {
          case TRY_SEND -> trySend(step.number);
          case SEND -> send(step.number);
          case TIMED_SEND -> timedSend(step.number);
          case SELECT_SEND -> selectSend(step.number);
          case TRY_RECEIVE -> assertEquals(expectedReceive(), channel.tryReceive());
          case RECEIVE -> receive();
          case RECEIVE_OR_NULL -> receiveOrNull();
          case TIMED_RECEIVE ->
              assertEquals(expectedReceive(), channel.tryReceive(Duration.ofNanos(1)));
          case SELECT_RECEIVE -> selectReceive();
          case DRAIN -> drain(step.number);
          case CLOSE -> close();
        }
      } catch (InterruptedException interrupted) {
        throw new AssertionError("nobody interrupts", interrupted);
      }
      assertLooksAsTheModel();
    }

    private void trySend(int value) {
      if (closed) {
        assertThrows(ChannelClosedException.class, () -> channel.trySend(value));
      } else {
        assertEquals(expectedSend(value), channel.trySend(value));
      }
    }

    private void send(int value) throws InterruptedException {
      if (closed) {
        assertThrows(ChannelClosedException.class, () -> channel.send(value));
      } else if (hasRoom()) {
        assertTrue(expectedSend(value));
        channel.send(value);
      }
    }

    private void timedSend(int value) throws InterruptedException {
      if (closed) {
        assertThrows(
            ChannelClosedException.class, () -> channel.trySend(value, Duration.ofNanos(1)));
      } else {
        assertEquals(expectedSend(value), channel.trySend(value, Duration.ofNanos(1)));
      }
    }

    private void selectSend(int value) throws InterruptedException {
      sendCase.value(value);
      if (closed) {
        assertThrows(ChannelClosedException.class, sending::await);
      } else {
        assertSame(expectedSend(value) ? sendCase : notSent, sending.await());
      }
    }

    private void receive() throws InterruptedException {
      if (!model.isEmpty()) {
        assertEquals(expectedReceive(), channel.receive());
      } else if (closed) {
        assertThrows(ChannelClosedException.class, channel::receive);
      }
    }

    private void receiveOrNull() throws InterruptedException {
      if (!model.isEmpty() || closed) {
        assertEquals(expectedReceive(), channel.receiveOrNull());
      }
    }

    private void selectReceive() throws InterruptedException {
      boolean ready = !model.isEmpty() || closed;
      assertSame(ready ? receiveCase : notReceived, receiving.await());
      Integer expected = expectedReceive();
      assertEquals(expected, receiveCase.valueOrNull());
      assertEquals(ready && expected == null, receiveCase.isClosed());
    }

    private void drain(int max) {
      List<Integer> expected = new ArrayList<>();
      while (expected.size() < max && !model.isEmpty()) {
        expected.add(model.remove());
        received++;
      }
      List<Integer> drained = new ArrayList<>();
      assertEquals(expected.size(), channel.drainTo(drained, max));
      assertEquals(expected, drained);
    }

    private void close() {
      if (closed) {
        assertThrows(ChannelClosedException.class, channel::close);
      } else {
        channel.close();
        closed = true;
      }
    }

    void closeAndDrain() {
      if (!closed) {
        close();
      }
      drain(capacity + 1);
      assertTrue(channel.isClosedForReceive());
      assertNull(channel.tryReceive());
      assertLooksAsTheModel();
    }

    private boolean hasRoom() {
      return model.size() < capacity;
    }

    private boolean expectedSend(int value) {
      if (!hasRoom()) {
        return false;
      }
      model.add(value);
      sent++;
      return true;
    }

    private @Nullable Integer expectedReceive() {
      Integer value = model.poll();
      received += value == null ? 0 : 1;
      return value;
    }

    private void assertLooksAsTheModel() {
      assertEquals(
          new ChannelStats(
              channel.toString(), capacity, model.size(), sent, received, 0, 0, closed),
          channel.stats());
      assertEquals(closed, channel.isClosedForSend());
      assertEquals(closed && model.isEmpty(), channel.isClosedForReceive());
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }
}
