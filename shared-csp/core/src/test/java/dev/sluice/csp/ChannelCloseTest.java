package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelCloseTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void everySendFailsAfterIt(int capacity) {
    Channel<Integer> channel = Channel.of(capacity);
    assertFalse(channel.isClosedForSend());
    channel.close();
    assertTrue(channel.isClosedForSend());
    assertThrows(ChannelClosedException.class, () -> channel.send(1));
    assertThrows(ChannelClosedException.class, () -> channel.trySend(1));
    assertThrows(ChannelClosedException.class, () -> channel.trySend(1, Duration.ZERO));
    assertThrows(ChannelClosedException.class, () -> channel.trySend(1, Duration.ofDays(1)));
    assertEquals(0, channel.stats().sent());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void theSendersThatWaitFailWithIt(int capacity) throws Exception {
    Channel<Integer> channel = filled(capacity);
    var forever = Call.run(() -> channel.send(91));
    Await.waitingSenders(channel, 1);
    var limited = Call.of(() -> channel.trySend(92, Duration.ofDays(1)));
    Await.waitingSenders(channel, 2);
    channel.close();
    assertInstanceOf(ChannelClosedException.class, forever.failure());
    assertInstanceOf(ChannelClosedException.class, limited.failure());
    for (int i = 0; i < capacity; i++) {
      assertEquals(i, channel.receive());
    }
    assertNull(channel.receiveOrNull());
    assertEquals(capacity, channel.stats().sent());
  }

  @Test
  void bufferedValuesAreStillReceivedThenComesTheEnd() throws Exception {
    Channel<Integer> channel = filled(4);
    channel.close();
    assertFalse(channel.isClosedForReceive());
    assertEquals(0, channel.receive());
    assertEquals(1, channel.receiveOrNull());
    assertEquals(2, channel.tryReceive());
    assertFalse(channel.isClosedForReceive());
    assertEquals(3, channel.tryReceive(Duration.ofDays(1)));
    assertTrue(channel.isClosedForReceive());
    assertEnded(channel);
    assertEnded(channel); // and so it stays
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void everyReceiverThatWaitsSeesTheEnd(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    var receives = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    var receivesOrNull = Call.of(channel::receiveOrNull);
    Await.waitingReceivers(channel, 2);
    var limited = Call.of(() -> channel.tryReceive(Duration.ofDays(1)));
    Await.waitingReceivers(channel, 3);
    var loops = Call.of(() -> received(channel));
    Await.waitingReceivers(channel, 4);
    channel.close();
    assertInstanceOf(ChannelClosedException.class, receives.failure());
    assertNull(receivesOrNull.result());
    assertNull(limited.result());
    assertEquals(List.of(), loops.result());
    assertEquals(0, channel.stats().waitingReceivers());
  }

  @Test
  void aLoopEndsAfterTheLastValue() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    var loop = Call.of(() -> received(channel));
    channel.send(1);
    channel.send(2);
    channel.close();
    assertEquals(List.of(1, 2), loop.result());
  }

  @Test
  void anIteratorKeepsToItsContract() {
    Channel<Integer> channel = filled(2);
    channel.close();
    var values = channel.iterator();
    assertTrue(values.hasNext());
    assertTrue(values.hasNext());
    assertEquals(0, values.next());
    assertEquals(1, values.next());
    assertFalse(values.hasNext());
    assertThrows(NoSuchElementException.class, values::next);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aSecondCloseIsAnErrorAndChangesNothing(int capacity) throws Exception {
    Channel<Integer> channel = filled(capacity);
    channel.close();
    ChannelStats before = channel.stats();
    var error = assertThrows(ChannelClosedException.class, channel::close);
    assertEquals(channel + " is closed already; close it once, by its sender", error.getMessage());
    assertEquals(before, channel.stats());
    assertEquals(capacity, received(channel).size());
  }

  @Test
  void ofManyClosesAtOnceOneSucceeds() throws Exception {
    for (int round = 0; round < 200; round++) {
      Channel<Integer> channel = Channel.buffered(1);
      var closers = List.of(closer(channel), closer(channel), closer(channel));
      int succeeded = 0;
      for (Call<Boolean> closer : closers) {
        succeeded += Boolean.TRUE.equals(closer.result()) ? 1 : 0;
      }
      assertEquals(1, succeeded);
    }
  }

  @Test
  void theErrorNamesTheChannel() {
    Channel<Integer> channel = new Channel<>(1, "orders", Clock.system());
    channel.close();
    var send = assertThrows(ChannelClosedException.class, () -> channel.send(1));
    assertEquals("orders is closed", send.getMessage());
    var receive = assertThrows(ChannelClosedException.class, channel::receive);
    assertEquals("orders is closed", receive.getMessage());
  }

  private static void assertEnded(Channel<Integer> channel) throws InterruptedException {
    assertThrows(ChannelClosedException.class, channel::receive);
    assertNull(channel.receiveOrNull());
    assertNull(channel.tryReceive());
    assertNull(channel.tryReceive(Duration.ZERO));
    assertNull(channel.tryReceive(Duration.ofDays(1)));
    assertEquals(List.of(), received(channel));
    assertTrue(channel.isClosedForReceive());
  }

  private static Call<Boolean> closer(Channel<?> channel) {
    return Call.of(() -> {
      try {
        channel.close();
        return true;
      } catch (ChannelClosedException second) {
        return false;
      }
    });
  }

  @Test
  void tryCloseEndsItOnce() throws Exception {
    Channel<Integer> channel = filled(1);
    assertTrue(channel.tryClose());
    assertFalse(channel.tryClose());
    assertThrows(ChannelClosedException.class, channel::close);
    assertEquals(List.of(0), received(channel));
    Channel<Integer> closed = Channel.rendezvous();
    closed.close();
    assertFalse(closed.tryClose());
  }

  private static List<Integer> received(ReceiveChannel<Integer> channel) {
    var values = new ArrayList<Integer>();
    for (Integer value : channel) {
      values.add(value);
    }
    return values;
  }

  private static Channel<Integer> filled(int capacity) {
    Channel<Integer> channel = Channel.of(capacity);
    for (int i = 0; i < capacity; i++) {
      assertTrue(channel.trySend(i));
    }
    return channel;
  }
}
