package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelFifoTest {
  private record Numbered(int sender, int number) {}

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void sendersThatWaitAreServedFirstComeFirstServed(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    for (int i = 0; i < capacity; i++) {
      channel.send(i);
    }
    var senders = new ArrayList<Call<Object>>();
    for (int i = 0; i < 10; i++) {
      int value = capacity + i;
      senders.add(Call.run(() -> channel.send(value)));
      Await.waitingSenders(channel, i + 1);
    }
    for (int i = 0; i < capacity + 10; i++) {
      assertEquals(i, channel.receive());
      if (i < 10) {
        senders.get(i).result(); // its turn, and nobody else's
        assertEquals(9 - i, channel.stats().waitingSenders());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void receiversThatWaitAreServedFirstComeFirstServed(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    var receivers = new ArrayList<Call<Integer>>();
    for (int i = 0; i < 10; i++) {
      receivers.add(Call.of(channel::receive));
      Await.waitingReceivers(channel, i + 1);
    }
    for (int i = 0; i < 10; i++) {
      channel.send(i);
      assertEquals(i, receivers.get(i).result());
    }
  }

  @Test
  void aSelectThatWaitsHasItsPlaceInTheLine() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    var first = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    var second = Call.of(() -> selectFrom(channel));
    Await.waitingReceivers(channel, 2);
    var third = Call.of(channel::receive);
    Await.waitingReceivers(channel, 3);
    channel.send(1);
    channel.send(2);
    channel.send(3);
    assertEquals(1, first.result());
    assertEquals(2, second.result());
    assertEquals(3, third.result());
  }

  @Test
  void nobodyOvertakesTheSenderThatWaits() throws Exception {
    Channel<Integer> channel = Channel.buffered(1);
    channel.send(1);
    var waiting = Call.run(() -> channel.send(2));
    Await.waitingSenders(channel, 1);
    assertEquals(1, channel.receive());
    assertFalse(channel.trySend(3)); // the room is taken by the one that waited
    assertEquals(2, channel.receive());
    assertTrue(channel.trySend(3));
    waiting.result();
  }

  @Test
  void nobodyOvertakesTheReceiverThatWaits() throws Exception {
    Channel<Integer> channel = Channel.buffered(1);
    var waiting = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    channel.send(1);
    assertEquals(0, channel.drainTo(new ArrayList<>(), 1));
    assertEquals(1, waiting.result());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16})
  void valuesOfOneSenderArriveInItsOrder(int capacity) throws Exception {
    int senders = 4;
    int each = 5_000;
    Channel<Numbered> channel = Channel.of(capacity);
    var calls = new ArrayList<Call<Object>>();
    for (int s = 0; s < senders; s++) {
      int sender = s;
      calls.add(
          Call.run(() -> {
            for (int n = 0; n < each; n++) {
              channel.send(new Numbered(sender, n));
            }
          }));
    }
    var expected = new int[senders];
    for (int i = 0; i < senders * each; i++) {
      Numbered value = channel.receive();
      assertEquals(expected[value.sender()]++, value.number());
    }
    assertTrue(Arrays.stream(expected).allMatch(count -> count == each));
    for (Call<Object> call : calls) {
      call.result();
    }
  }

  private static Integer selectFrom(Channel<Integer> channel) throws InterruptedException {
    var select = Select.fair();
    var in = select.receive(channel);
    assertEquals(in, select.await());
    return in.value();
  }
}
