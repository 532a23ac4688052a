package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A channel lives long and its values may be large: it keeps nothing alive of what has left it, nor
 * the threads that have waited on it.
 */
class ChannelRetentionTest {
  private final Channel<Object> channel = Channel.rendezvous();

  @Test
  void aValueThatAWaitingReceiverWasGiven() throws Exception {
    var receiver = Call.<Boolean>of(() -> channel.receive() != null);
    Await.waitingReceivers(channel, 1);
    var value = new Value();
    channel.send(value.handOver());
    assertEquals(true, receiver.result());
    assertCollected(value.gone);
  }

  @Test
  void aValueThatWasTakenFromAWaitingSender() throws Exception {
    var value = new Value();
    var sender = Call.run(sends(value));
    Await.waitingSenders(channel, 1);
    assertTrue(channel.receive() != null);
    sender.result();
    assertCollected(value.gone);
  }

  @Test
  void aValueThatAnInterruptedSenderHasTakenBack() throws Exception {
    var value = new Value();
    var sender = Call.run(sends(value));
    Await.waitingSenders(channel, 1);
    sender.interrupt();
    assertInstanceOf(InterruptedException.class, sender.failure());
    assertCollected(value.gone);
  }

  @Test
  void aValueThatWasNotTakenInTime() throws Exception {
    var value = new Value();
    assertFalse(channel.trySend(value.handOver(), Duration.ofNanos(1)));
    assertCollected(value.gone);
  }

  @Test
  void aValueThatNobodyWantedBeforeTheEnd() throws Exception {
    var value = new Value();
    var sender = Call.run(sends(value));
    Await.waitingSenders(channel, 1);
    channel.close();
    assertInstanceOf(ChannelClosedException.class, sender.failure());
    assertCollected(value.gone);
  }

  @Test
  void aValueThatLeftTheBuffer() throws Exception {
    Channel<Object> buffered = Channel.buffered(2);
    var value = new Value();
    buffered.send(value.handOver());
    assertTrue(buffered.receive() != null);
    assertCollected(value.gone);
    assertNull(buffered.tryReceive());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aThreadThatHasWaited(boolean interrupted) throws Exception {
    assertCollected(threadThatHasWaited(interrupted));
  }

  private WeakReference<Thread> threadThatHasWaited(boolean interrupted) throws Exception {
    var receiver = Call.<Boolean>of(() -> channel.receiveOrNull() != null);
    Await.waitingReceivers(channel, 1);
    if (interrupted) {
      receiver.interrupt();
      receiver.failure();
    } else {
      channel.send("value");
      receiver.result();
    }
    receiver.thread().join();
    return new WeakReference<>(receiver.thread());
  }

  private Call.Action sends(Value value) {
    return () -> channel.send(value.handOver());
  }

  private void assertCollected(WeakReference<?> gone) {
    try {
      Await.until(() -> {
        System.gc();
        return gone.refersTo(null);
      });
    } finally {
      Reference.reachabilityFence(channel); // which is alive all the time
    }
  }

  /** Is alive until it is handed over, and then as long as somebody else holds it. */
  private static final class Value {
    private @Nullable Object held = new Object();
    final WeakReference<Object> gone = new WeakReference<>(held);

    Object handOver() {
      Object value = Objects.requireNonNull(held);
      held = null;
      return value;
    }
  }
}
