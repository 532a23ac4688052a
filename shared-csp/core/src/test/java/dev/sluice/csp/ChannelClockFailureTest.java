package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * A clock is somebody else's code; when it fails, no offer may stay behind for partners to meet.
 */
class ChannelClockFailureTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private Runnable meanwhile = () -> {};

  private final Clock broken =
      new Clock() {
        @Override
        public long nanos() {
          return 0;
        }

        @Override
        public Instant instant() {
          return Instant.EPOCH;
        }

        @Override
        public Alarm schedule(long atNanos, Runnable action) {
          meanwhile.run();
          throw new UnsupportedOperationException("no alarms");
        }
      };

  private final Channel<Integer> channel = new Channel<>(0, "channel", broken);

  @Test
  void aSendLeavesNoOffer() {
    assertThrows(UnsupportedOperationException.class, () -> channel.trySend(1, LIMIT));
    assertEquals(0, channel.stats().waitingSenders());
    assertNull(channel.tryReceive());
  }

  @Test
  void aReceiveLeavesNoOffer() {
    assertThrows(UnsupportedOperationException.class, () -> channel.tryReceive(LIMIT));
    assertEquals(0, channel.stats().waitingReceivers());
    assertFalse(channel.trySend(1));
  }

  @Test
  void whatWasHandedOverMeanwhileIsReceived() throws Exception {
    meanwhile = () -> assertTrue(channel.trySend(2));
    assertEquals(2, channel.tryReceive(LIMIT));
    meanwhile = () -> assertEquals(3, channel.tryReceive());
    assertTrue(channel.trySend(3, LIMIT));

    var select = Select.fair(broken);
    var in = select.receive(channel);
    select.after(LIMIT);
    meanwhile = () -> assertTrue(channel.trySend(4));
    assertSame(in, select.await());
    assertEquals(4, in.value());
  }

  @Test
  void aSelectLeavesNoOffer() throws Exception {
    Channel<Integer> other = Channel.rendezvous();
    var select = Select.fair(broken);
    var in = select.receive(channel);
    select.send(other).value(1);
    var after = select.after(LIMIT);
    assertThrows(UnsupportedOperationException.class, select::await);
    assertEquals(0, channel.stats().waitingReceivers());
    assertEquals(0, other.stats().waitingSenders());

    after.in(null);
    var again = Call.of(select::await);
    Await.waitingReceivers(channel, 1);
    channel.send(2);
    assertEquals(in, again.result());
  }
}
