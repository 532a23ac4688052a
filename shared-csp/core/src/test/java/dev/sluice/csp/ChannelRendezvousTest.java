package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChannelRendezvousTest {
  private final Channel<Integer> channel = Channel.rendezvous();

  @Test
  void hasNoCapacity() {
    assertEquals(0, channel.stats().capacity());
    assertEquals(0, Channel.of(0).stats().capacity());
  }

  @Test
  void aSendWaitsForItsReceiver() throws Exception {
    var sender = Call.run(() -> channel.send(1));
    Await.waitingSenders(channel, 1);
    assertTrue(sender.isRunning());
    assertEquals(1, channel.receive());
    sender.result();
    assertIdle(1);
  }

  @Test
  void aReceiveWaitsForItsSender() throws Exception {
    var receiver = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    assertTrue(receiver.isRunning());
    channel.send(1);
    assertEquals(1, receiver.result());
    assertIdle(1);
  }

  @Test
  void receiveOrNullWaitsToo() throws Exception {
    var receiver = Call.of(channel::receiveOrNull);
    Await.waitingReceivers(channel, 1);
    channel.send(1);
    assertEquals(1, receiver.result());
  }

  @Test
  void trySendIsFalseWithoutAReceiver() {
    assertFalse(channel.trySend(1));
    assertIdle(0);
  }

  @Test
  void trySendHandsOverToTheReceiverThatWaits() throws Exception {
    var receiver = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    assertTrue(channel.trySend(1));
    assertFalse(channel.trySend(2));
    assertEquals(1, receiver.result());
  }

  @Test
  void tryReceiveIsNullWithoutASender() {
    assertNull(channel.tryReceive());
    assertIdle(0);
  }

  @Test
  void tryReceiveTakesFromTheSenderThatWaits() throws Exception {
    var sender = Call.run(() -> channel.send(1));
    Await.waitingSenders(channel, 1);
    assertEquals(1, channel.tryReceive());
    assertNull(channel.tryReceive());
    sender.result();
  }

  @Test
  void aLimitOfZeroOrLessDoesNotWait() throws Exception {
    assertFalse(channel.trySend(1, Duration.ZERO));
    assertFalse(channel.trySend(1, Duration.ofSeconds(-1)));
    assertNull(channel.tryReceive(Duration.ZERO));
    assertNull(channel.tryReceive(Duration.ofSeconds(-1)));
    assertIdle(0);
  }

  @Test
  void aLimitOfZeroTakesThePartnerThatWaits() throws Exception {
    var sender = Call.run(() -> channel.send(1));
    Await.waitingSenders(channel, 1);
    assertEquals(1, channel.tryReceive(Duration.ZERO));
    sender.result();

    var receiver = Call.of(channel::receive);
    Await.waitingReceivers(channel, 1);
    assertTrue(channel.trySend(2, Duration.ZERO));
    assertEquals(2, receiver.result());
  }

  @Test
  void aLimitByTheMachinesClockRunsOut() throws Exception {
    assertFalse(channel.trySend(1, Duration.ofNanos(1)));
    assertNull(channel.tryReceive(Duration.ofMillis(1)));
    assertIdle(0);
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without null checks can do
  void nullIsNotAValue() {
    assertThrows(NullPointerException.class, () -> channel.send(null));
    assertThrows(NullPointerException.class, () -> channel.trySend(null));
    assertThrows(NullPointerException.class, () -> channel.trySend(null, Duration.ofDays(1)));
    assertThrows(NullPointerException.class, () -> channel.trySend(null, Duration.ZERO));
    assertIdle(0);
  }

  @Test
  void valuesGoFromHandToHandInOrder() throws Exception {
    var sender =
        Call.run(() -> {
          for (int i = 0; i < 1_000; i++) {
            channel.send(i);
          }
        });
    for (int i = 0; i < 1_000; i++) {
      assertEquals(i, channel.receive());
    }
    sender.result();
    assertIdle(1_000);
  }

  @Test
  void threadsOfThePlatformMayUseItToo() throws Exception {
    var sender = Call.runOnPlatformThread(() -> channel.send(1));
    Await.waitingSenders(channel, 1);
    assertEquals(1, channel.receive());
    sender.result();
  }

  private void assertIdle(long carried) {
    assertEquals(
        new ChannelStats(channel.toString(), 0, 0, carried, carried, 0, 0, false), channel.stats());
  }
}
