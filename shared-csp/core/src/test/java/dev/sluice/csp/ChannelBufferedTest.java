package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelBufferedTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void takesAsManyValuesAsItsCapacityWithoutWaiting(int capacity) throws Exception {
    Channel<Integer> channel = Channel.buffered(capacity);
    for (int i = 0; i < capacity; i++) {
      channel.send(i);
    }
    assertEquals(stats(channel, capacity, capacity, capacity, 0), channel.stats());
    assertFalse(channel.trySend(99));
    for (int i = 0; i < capacity; i++) {
      assertEquals(i, channel.receive());
    }
    assertNull(channel.tryReceive());
    assertEquals(stats(channel, capacity, 0, capacity, capacity), channel.stats());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void keepsTheOrderHoweverFullItRuns(int capacity) throws Exception {
    Channel<Integer> channel = Channel.buffered(capacity);
    int sent = 0;
    int received = 0;
    for (int fill = 0; fill <= capacity; fill++) {
      for (int round = 0; round < 3 * capacity; round++) {
        while (sent - received < fill) {
          assertTrue(channel.trySend(sent++));
        }
        while (received < sent) {
          assertEquals(received++, channel.receive());
        }
      }
    }
  }

  @Test
  void aSendWaitsWhenItIsFull() throws Exception {
    Channel<Integer> channel = Channel.buffered(2);
    channel.send(1);
    channel.send(2);
    var sender = Call.run(() -> channel.send(3));
    Await.waitingSenders(channel, 1);
    assertTrue(sender.isRunning());
    assertEquals(2, channel.stats().depth());
    assertEquals(1, channel.receive());
    sender.result();
    assertEquals(2, channel.stats().depth());
    assertEquals(2, channel.receive());
    assertEquals(3, channel.receive());
  }

  @Test
  void aReceiveWaitsWhenItIsEmpty() throws Exception {
    Channel<Integer> channel = Channel.buffered(2);
    var receiver = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    assertTrue(receiver.isRunning());
    channel.send(1);
    assertEquals(1, receiver.result());
    assertEquals(0, channel.stats().depth());
  }

  @Test
  void aLimitIsOfNoMatterWhenThereIsRoomOrAValue() throws Exception {
    Channel<Integer> channel = Channel.buffered(2);
    assertTrue(channel.trySend(1, Duration.ZERO));
    assertTrue(channel.trySend(2, Duration.ofDays(1)));
    assertEquals(1, channel.tryReceive(Duration.ofDays(1)));
    assertEquals(2, channel.tryReceive(Duration.ZERO));
  }

  @Test
  void aLimitByTheMachinesClockRunsOut() throws Exception {
    Channel<Integer> channel = Channel.buffered(1);
    assertNull(channel.tryReceive(Duration.ofMillis(1)));
    channel.send(1);
    assertFalse(channel.trySend(2, Duration.ofMillis(1)));
    assertEquals(1, channel.receive());
    assertNull(channel.tryReceive());
  }

  @Test
  void aReceivedValueIsNotHeld() throws Exception {
    Channel<Object> channel = Channel.buffered(4);
    WeakReference<Object> value = sendSomething(channel);
    channel.receive();
    Await.until(() -> {
      System.gc();
      return value.refersTo(null);
    });
    assertEquals(0, channel.stats().depth());
  }

  @Test
  void aValueThatWasTakenBackIsNotHeld() throws Exception {
    Channel<Object> channel = Channel.rendezvous();
    WeakReference<Object> value = offerSomething(channel);
    Await.until(() -> {
      System.gc();
      return value.refersTo(null);
    });
    assertEquals(0, channel.stats().waitingSenders());
  }

  @Test
  void thereIsNoUnboundedChannelAndNoneOfLessThanNothing() {
    var buffered = assertThrows(IllegalArgumentException.class, () -> Channel.buffered(0));
    assertEquals("capacity is 0, a buffered channel has 1 or more", buffered.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Channel.buffered(-1));
    var of = assertThrows(IllegalArgumentException.class, () -> Channel.of(-1));
    assertEquals("capacity is -1, must be 0 (rendezvous) to 16777216", of.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Channel.of(Channel.MAX_CAPACITY + 1));
    assertThrows(IllegalArgumentException.class, () -> Channel.buffered(Integer.MAX_VALUE));
  }

  @Test
  void theLargestChannelWorks() throws Exception {
    Channel<Integer> channel = Channel.buffered(Channel.MAX_CAPACITY);
    channel.send(1);
    assertEquals(1, channel.receive());
  }

  private static WeakReference<Object> offerSomething(Channel<Object> channel)
      throws InterruptedException {
    var value = new Object();
    assertFalse(channel.trySend(value, Duration.ofNanos(1)));
    return new WeakReference<>(value);
  }

  private static WeakReference<Object> sendSomething(Channel<Object> channel)
      throws InterruptedException {
    var value = new Object();
    channel.send(value);
    return new WeakReference<>(value);
  }

  private static ChannelStats stats(
      Channel<?> channel, int capacity, int depth, long sent, long received) {
    return new ChannelStats(channel.toString(), capacity, depth, sent, received, 0, 0, false);
  }
}
