package dev.sluice.csp.testkit.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
class ChannelTimedTest {
  private static final Duration LIMIT = Duration.ofMillis(5);
  private static final Duration TICK = Duration.ofNanos(1);

  private final VirtualClock clock = new VirtualClock();

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSendGivesUpAtItsLimitAndNotBefore(int capacity) throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = filled(scope, capacity);
      Reply<Boolean> sent = trySend(scope, channel, LIMIT);
      clock.advance(LIMIT.minus(TICK));
      assertEquals(1, clock.alarms());
      assertEquals(1, channel.stats().waitingSenders());
      assertFalse(sent.isDone());

      clock.advance(TICK);
      assertFalse(sent.await());
      assertEquals(0, channel.stats().waitingSenders());
      for (int i = 0; i < capacity; i++) {
        assertEquals(i, channel.receive());
      }
      assertNull(channel.tryReceive()); // it never will be delivered
    }
  }

  @Test
  void aReceiveGivesUpAtItsLimitAndNotBefore() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      Reply<Optional<Integer>> received = tryReceive(scope, channel, LIMIT);
      clock.advance(LIMIT.minus(TICK));
      assertEquals(1, clock.alarms());
      assertEquals(1, channel.stats().waitingReceivers());
      assertFalse(received.isDone());

      clock.advance(TICK);
      assertEquals(Optional.empty(), received.await());
      assertFalse(channel.isClosedForReceive());
      assertEquals(0, channel.stats().waitingReceivers());
      assertFalse(channel.trySend(1));
    }
  }

  @Test
  void aValueThatComesAsTheLimitRunsOutIsReceived() throws Exception {
    Channel<Channel<Integer>> made = Channel.buffered(1);
    Clock late = whenItRunsOut(() -> assertTrue(made.receive().trySend(7)));
    try (var scope = Scope.open("scope", late)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      made.send(channel);
      assertEquals(7, channel.tryReceive(LIMIT));
    }
  }

  @Test
  void aValueThatIsTakenAsTheLimitRunsOutIsSent() throws Exception {
    Channel<Channel<Integer>> made = Channel.buffered(1);
    Clock late = whenItRunsOut(() -> assertEquals(7, made.receive().tryReceive()));
    try (var scope = Scope.open("scope", late)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      made.send(channel);
      assertTrue(channel.trySend(7, LIMIT));
    }
  }

  @Test
  void aReceiverInTimeTakesTheValueAndTheAlarmIsForgotten() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      Reply<Boolean> sent = trySend(scope, channel, LIMIT);
      clock.advance(LIMIT.minus(TICK));
      assertEquals(7, channel.receive());
      assertTrue(sent.await());
      scope.join();
      assertEquals(0, clock.alarms());
    }
  }

  @Test
  void aSenderInTimeBringsTheValueAndTheAlarmIsForgotten() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      Reply<Optional<Integer>> received = tryReceive(scope, channel, LIMIT);
      clock.advance(LIMIT.minus(TICK));
      channel.send(1);
      assertEquals(Optional.of(1), received.await());
      scope.join();
      assertEquals(0, clock.alarms());
    }
  }

  @Test
  void closeInTimeEndsTheWait() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> in = scope.channel("in", 0);
      Reply<Optional<Integer>> received = tryReceive(scope, in, LIMIT);
      in.close();
      assertEquals(Optional.empty(), received.await());
      assertTrue(in.isClosedForReceive());

      Channel<Integer> out = scope.channel("out", 0);
      var thrown = new Reply<Throwable>();
      scope.start(
          "sender",
          () ->
              thrown.complete(
                  assertThrows(
                      ChannelClosedException.class, () -> out.trySend(1, LIMIT.multipliedBy(2)))));
      clock.awaitAlarms(1);
      out.close();
      assertInstanceOf(ChannelClosedException.class, thrown.await());
      scope.join();
      assertEquals(0, clock.alarms());
    }
  }

  @Test
  void interruptionInTimeTakesTheOfferAndTheAlarmBack() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      var sender = scope.start("sender", () -> channel.trySend(1, LIMIT));
      clock.awaitAlarms(1);
      sender.cancel();
      sender.join();
      assertEquals(0, clock.alarms());
      assertEquals(0, channel.stats().waitingSenders());

      var receiver = scope.start("receiver", () -> channel.tryReceive(LIMIT));
      clock.awaitAlarms(1);
      receiver.cancel();
      receiver.join();
      assertEquals(0, clock.alarms());
      assertEquals(0, channel.stats().waitingReceivers());
      scope.join();
    }
  }

  @Test
  void eachWaitHasItsOwnLimit() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      Reply<Boolean> first = trySend(scope, channel, LIMIT);
      Reply<Boolean> second = trySend(scope, channel, LIMIT.multipliedBy(2));
      Reply<Boolean> third = trySend(scope, channel, LIMIT.multipliedBy(3));
      clock.awaitAlarms(3);
      clock.advance(LIMIT.multipliedBy(2));
      assertFalse(first.await());
      assertFalse(second.await());
      assertEquals(1, clock.alarms());
      assertEquals(7, channel.receive());
      assertTrue(third.await());
    }
  }

  @Test
  void whatNeedsNoWaitingSetsNoAlarm() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = scope.channel("channel", 1);
      assertTrue(channel.trySend(1, LIMIT));
      assertFalse(channel.trySend(2, Duration.ZERO));
      assertFalse(channel.trySend(2, LIMIT.negated()));
      assertEquals(1, channel.tryReceive(LIMIT));
      assertNull(channel.tryReceive(Duration.ZERO));
      assertNull(channel.tryReceive(LIMIT.negated()));
      assertEquals(0, clock.alarms());
      assertEquals(0, clock.nanos());
    }
  }

  @Test
  void theLongestLimitIsAsGoodAsNone() throws Exception {
    try (var scope = Scope.open("scope", clock)) {
      Channel<Integer> channel = scope.channel("channel", 0);
      clock.advance(Duration.ofDays(365));
      Reply<Boolean> sent = trySend(scope, channel, Duration.ofSeconds(Long.MAX_VALUE));
      clock.advance(Duration.ofDays(100 * 365));
      assertEquals(1, clock.alarms());
      assertEquals(7, channel.receive());
      assertTrue(sent.await());
    }
  }

  private static Channel<Integer> filled(Scope scope, int capacity) throws InterruptedException {
    Channel<Integer> channel = scope.channel("channel", capacity);
    for (int i = 0; i < capacity; i++) {
      channel.send(i);
    }
    return channel;
  }

  /** Starts a process that sends 7 within the limit, and waits until it waits. */
  private Reply<Boolean> trySend(Scope scope, Channel<Integer> channel, Duration limit)
      throws InterruptedException {
    int before = clock.alarms();
    var sent = new Reply<Boolean>();
    scope.start("sender", () -> sent.complete(channel.trySend(7, limit)));
    clock.awaitAlarms(before + 1);
    return sent;
  }

  private Reply<Optional<Integer>> tryReceive(Scope scope, Channel<Integer> channel, Duration limit)
      throws InterruptedException {
    var received = new Reply<Optional<Integer>>();
    scope.start(
        "receiver", () -> received.complete(Optional.ofNullable(channel.tryReceive(limit))));
    clock.awaitAlarms(1);
    return received;
  }

  /**
   * A clock by which every limit has run out when it is asked for the second time, and which lets
   * something happen just before it says so.
   */
  private static Clock whenItRunsOut(Scope.Body first) {
    return new Clock() {
      private int asked;

      @Override
      public long nanos() {
        if (asked++ == 0) {
          return 0;
        }
        try {
          first.run();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
        return LIMIT.toNanos();
      }

      @Override
      public Instant instant() {
        return Instant.EPOCH;
      }

      @Override
      public Alarm schedule(long atNanos, Runnable action) {
        return () -> {};
      }
    };
  }
}
