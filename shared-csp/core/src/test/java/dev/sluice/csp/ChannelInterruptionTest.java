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
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelInterruptionTest {

  @AfterEach
  void thisThreadIsWell() {
    assertFalse(Thread.interrupted());
  }

  @Test
  void beforeASendItDeliversNothing() {
    Channel<Integer> channel = Channel.buffered(1);
    assertInterrupted(() -> channel.send(1));
    assertInterrupted(() -> channel.trySend(1, Duration.ZERO));
    assertInterrupted(() -> channel.trySend(1, Duration.ofDays(1)));
    assertNull(channel.tryReceive());
  }

  @Test
  void beforeAReceiveItTakesNothing() {
    Channel<Integer> channel = Channel.buffered(1);
    assertTrue(channel.trySend(1));
    assertInterrupted(channel::receive);
    assertInterrupted(channel::receiveOrNull);
    assertInterrupted(() -> channel.tryReceive(Duration.ZERO));
    assertInterrupted(() -> channel.tryReceive(Duration.ofDays(1)));
    assertEquals(1, channel.tryReceive());
  }

  @Test
  void whatNeverWaitsDoesNotMind() {
    Channel<Integer> channel = Channel.buffered(1);
    Thread.currentThread().interrupt();
    assertTrue(channel.trySend(1));
    assertEquals(1, channel.tryReceive());
    assertEquals(0, channel.drainTo(new ArrayList<>(), 1));
    channel.close();
    assertTrue(Thread.interrupted());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSenderThatWaitsTakesItsOfferBack(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    for (int i = 0; i < capacity; i++) {
      channel.send(0);
    }
    for (boolean limited : new boolean[] {false, true}) {
      var sender =
          limited
              ? Call.<Object>of(() -> channel.trySend(1, Duration.ofDays(1)))
              : Call.run(() -> channel.send(1));
      Await.waitingSenders(channel, 1);
      sender.interrupt();
      assertInstanceOf(InterruptedException.class, sender.failure());
      assertFalse(sender.endedInterrupted());
      assertEquals(0, channel.stats().waitingSenders());
    }
    for (int i = 0; i < capacity; i++) {
      assertEquals(0, channel.receive());
    }
    assertNull(channel.tryReceive());
    assertEquals(capacity, channel.stats().sent());
  }

  @Test
  void aReceiverThatWaitsTakesItsOfferBack() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    for (boolean limited : new boolean[] {false, true}) {
      var receiver =
          limited
              ? Call.of(() -> channel.tryReceive(Duration.ofDays(1)))
              : Call.of(channel::receive);
      Await.waitingReceivers(channel, 1);
      receiver.interrupt();
      assertInstanceOf(InterruptedException.class, receiver.failure());
      assertFalse(receiver.endedInterrupted());
      assertEquals(0, channel.stats().waitingReceivers());
      assertFalse(channel.trySend(1));
    }
  }

  @Test
  void theMessageSaysWhere() throws Exception {
    Channel<Integer> channel = new Channel<>(0, "orders", Clock.system());
    var receiver = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    receiver.interrupt();
    assertEquals("interrupted in receive from orders", receiver.failure().getMessage());
  }

  @Test
  void theOthersThatWaitKeepTheirPlaces() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    var senders = new ArrayList<Call<Object>>();
    for (int i = 0; i < 5; i++) {
      int value = i;
      senders.add(Call.run(() -> channel.send(value)));
      Await.waitingSenders(channel, i + 1);
    }
    for (int i : new int[] {2, 0, 4}) { // the middle, the head, the tail
      senders.get(i).interrupt();
      assertInstanceOf(InterruptedException.class, senders.get(i).failure());
    }
    assertEquals(1, channel.receive());
    assertEquals(3, channel.receive());
    assertNull(channel.tryReceive());
    senders.get(1).result();
    senders.get(3).result();
  }

  @Test
  void aLoopEndsWithCancellationAndLosesNothing() throws Exception {
    Channel<Integer> channel = Channel.buffered(2);
    var seen = new ArrayList<Integer>();
    var loop =
        Call.run(() -> {
          for (Integer value : channel) {
            seen.add(value);
          }
        });
    channel.send(1);
    Await.waitingReceivers(channel, 1);
    loop.interrupt();
    var thrown = assertInstanceOf(CancellationException.class, loop.failure());
    assertEquals("interrupted while receiving from " + channel, thrown.getMessage());
    assertInstanceOf(InterruptedException.class, thrown.getCause());
    assertTrue(loop.endedInterrupted());
    assertEquals(List.of(1), seen);
    channel.send(2);
    assertEquals(2, channel.receive());
  }

  @Test
  void aReceiverServedInTheSameInstantHasTheValueAndStaysInterrupted() throws Exception {
    for (boolean limited : new boolean[] {false, true}) {
      Channel<Integer> channel = Channel.rendezvous();
      var receiver =
          limited
              ? Call.of(() -> channel.tryReceive(Duration.ofDays(1)))
              : Call.of(channel::receive);
      Await.waitingReceivers(channel, 1);
      channel.lock(); // so that the interrupted receiver cannot take its offer back yet
      receiver.interrupt();
      Await.until(() -> !receiver.thread().isInterrupted()); // it has noticed and wants to
      assertTrue(channel.deliver(1));
      channel.unlockAndWake();
      assertEquals(1, receiver.result());
      assertTrue(receiver.endedInterrupted());
    }
  }

  @Test
  void aSenderServedInTheSameInstantHasSentAndStaysInterrupted() throws Exception {
    for (boolean limited : new boolean[] {false, true}) {
      Channel<Integer> channel = Channel.rendezvous();
      var sender =
          limited
              ? Call.<Object>of(() -> channel.trySend(1, Duration.ofDays(1)))
              : Call.run(() -> channel.send(1));
      Await.waitingSenders(channel, 1);
      channel.lock(); // so that the interrupted sender cannot take its offer back yet
      sender.interrupt();
      Await.until(() -> !sender.thread().isInterrupted()); // it has noticed and wants to
      assertEquals(1, channel.take());
      channel.unlockAndWake();
      sender.result();
      assertTrue(sender.endedInterrupted());
    }
  }

  @Test
  void inARaceWithAPartnerBothAgreeWhatHappened() throws Exception {
    for (int round = 0; round < 2_000; round++) {
      Channel<Integer> channel = Channel.rendezvous();
      var receiver = Call.of(channel::receive);
      Await.waitingReceivers(channel, 1);
      var interrupter = Call.run(receiver::interrupt);
      boolean delivered = channel.trySend(round);
      interrupter.result();
      if (delivered) {
        assertEquals(round, receiver.result());
      } else {
        assertInstanceOf(InterruptedException.class, receiver.failure());
      }
    }
  }

  @Test
  void inARaceWithCloseTheSenderKnowsThatNothingWasDelivered() throws Exception {
    for (int round = 0; round < 1_000; round++) {
      Channel<Integer> channel = Channel.rendezvous();
      var sender = Call.run(() -> channel.send(1));
      Await.waitingSenders(channel, 1);
      var interrupter = Call.run(sender::interrupt);
      channel.close();
      interrupter.result();
      Throwable thrown = sender.failure();
      assertTrue(
          thrown instanceof InterruptedException || thrown instanceof ChannelClosedException,
          thrown::toString);
      assertEquals(0, channel.stats().sent());
      assertEquals(0, channel.stats().waitingSenders());
    }
  }

  private static void assertInterrupted(Call.Action action) {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, action::run);
    assertFalse(Thread.interrupted());
  }
}
