package dev.sluice.csp.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever waits is woken when it may go on, and the right one is: on real threads, where a thread
 * that nobody wakes sleeps for good. Each round makes its threads wait first, so that nothing but
 * the wake-up can end it.
 */
class WakeUpTest {
  private static final int ROUNDS = 200;
  private static final int LIMIT_SECONDS = 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void everySenderThatWaits(int capacity) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = full(capacity);
      var senders = parties(3, value -> send(channel, value));
      await(channel, 3, 0);
      var received = new ArrayList<Integer>();
      for (int i = 0; i < capacity + 3; i++) {
        received.add(channel.receive());
      }
      assertEquals(List.of("sent", "sent", "sent"), ends(senders));
      assertEquals(3, received.stream().filter(value -> value >= 0).distinct().count());
    }
  }

  @Test
  void everyReceiverThatWaits() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = Channel.buffered(1);
      var receivers = parties(3, _ -> String.valueOf(channel.receive()));
      await(channel, 0, 3);
      for (int value = 0; value < 3; value++) {
        channel.send(value);
      }
      assertEquals(List.of("0", "1", "2"), ends(receivers).stream().sorted().toList());
    }
  }

  @Test
  void everyReceiverAtTheClose() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = Channel.rendezvous();
      var receivers = parties(3, _ -> String.valueOf(channel.receiveOrNull()));
      await(channel, 0, 3);
      channel.close();
      assertEquals(List.of("null", "null", "null"), ends(receivers));
    }
  }

  @Test
  void everySenderAtTheClose() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = full(1);
      var senders = parties(3, value -> send(channel, value));
      await(channel, 3, 0);
      channel.close();
      assertEquals(List.of("closed", "closed", "closed"), ends(senders));
    }
  }

  @Test
  void theSendersThatADrainServes() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> channel = full(1);
      var senders = parties(3, value -> send(channel, value));
      await(channel, 3, 0);
      assertEquals(4, channel.drainTo(new ArrayList<>(), 9));
      assertEquals(List.of("sent", "sent", "sent"), ends(senders));
    }
  }

  @Test
  void theSelectWhicheverCaseHappens() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var selects =
          parties(
              2,
              _ -> {
                var select = Select.fair();
                var fromA = select.receive(a);
                var fromB = select.receive(b);
                return String.valueOf(select.await() == fromA ? fromA.value() : fromB.value());
              });
      await(a, 0, 2);
      await(b, 0, 2);
      a.send(1);
      b.send(2);
      assertEquals(List.of("1", "2"), ends(selects).stream().sorted().toList());
    }
  }

  @Test
  void theSelectAtTheCloseOfOneOfItsChannels() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Channel<Integer> a = Channel.rendezvous();
      Channel<Integer> b = Channel.rendezvous();
      var selects =
          parties(
              2,
              _ -> {
                var select = Select.fair();
                select.receive(a);
                var fromB = select.receive(b);
                return select.await() == fromB && fromB.isClosed() ? "closed" : "";
              });
      await(b, 0, 2);
      b.close();
      assertEquals(List.of("closed", "closed"), ends(selects));
    }
  }

  /** Values below zero, as many as there is room for. */
  private static Channel<Integer> full(int capacity) {
    Channel<Integer> channel = Channel.of(capacity);
    for (int i = 1; i <= capacity; i++) {
      assertEquals(true, channel.trySend(-i));
    }
    return channel;
  }

  private static String send(Channel<Integer> channel, int value) throws InterruptedException {
    try {
      channel.send(value);
      return "sent";
    } catch (ChannelClosedException closed) {
      return "closed";
    }
  }

  private interface Body {
    String run(int number) throws InterruptedException;
  }

  private static List<CompletableFuture<String>> parties(int count, Body body) {
    Executor virtual = task -> Thread.ofVirtual().start(task);
    var parties = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < count; i++) {
      int number = i;
      parties.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return body.run(number);
                } catch (InterruptedException interrupted) {
                  throw new AssertionError("nobody interrupts", interrupted);
                }
              },
              virtual));
    }
    return parties;
  }

  private static List<String> ends(List<CompletableFuture<String>> parties) throws Exception {
    var ends = new ArrayList<String>();
    for (CompletableFuture<String> party : parties) {
      ends.add(party.get(LIMIT_SECONDS, TimeUnit.SECONDS)); // a guard: nobody is that slow
    }
    return ends;
  }

  /** Until so many wait there; JUnit's guard ends it when they never do. */
  @SuppressWarnings("ThreadPriorityCheck") // the others must run
  static void await(Channel<?> channel, int senders, int receivers) {
    while (channel.stats().waitingSenders() != senders
        || channel.stats().waitingReceivers() != receivers) {
      Thread.yield();
    }
  }
}
