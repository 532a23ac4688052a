package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many senders, many receivers, every operation, with interruption and close in between. */
class ChannelStressTest {
  private static final int SENDERS = 4;
  private static final int RECEIVERS = 4;
  private static final int EACH = 4_000;
  private static final Duration SHORT = Duration.ofNanos(20_000);

  private final Ledger ledger = new Ledger(SENDERS * EACH);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 64})
  void everyValueSentIsReceivedOnce(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    List<Call<Object>> senders = senders(channel, EACH);
    List<Call<Object>> receivers = receivers(channel);
    for (Call<Object> sender : senders) {
      sender.result();
    }
    channel.close();
    for (Call<Object> receiver : receivers) {
      receiver.result();
    }
    assertEquals(SENDERS * EACH, ledger.totalSent());
    assertSettled(channel);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 64})
  void interruptionLosesAndDoublesNothing(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    List<Call<Object>> senders = senders(channel, EACH);
    List<Call<Object>> receivers = receivers(channel);
    try (var _ = Interrupter.of(both(senders, receivers), new SplittableRandom(capacity))) {
      for (Call<Object> sender : senders) {
        sender.result();
      }
      channel.close();
      for (Call<Object> receiver : receivers) {
        receiver.result();
      }
    }
    assertSettled(channel);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 64})
  void closeInTheMidstLosesAndDoublesNothing(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    List<Call<Object>> senders = senders(channel, EACH / 2);
    List<Call<Object>> receivers = receivers(channel);
    try (var _ = Interrupter.of(both(senders, receivers), new SplittableRandom(capacity))) {
      Await.until(() -> channel.stats().received() > SENDERS * EACH / 4);
      channel.close();
      for (Call<Object> call : both(senders, receivers).toList()) {
        call.result();
      }
    }
    assertTrue(ledger.totalSent() < SENDERS * EACH);
    assertSettled(channel);
  }

  private void assertSettled(Channel<Integer> channel) {
    ledger.assertBalanced();
    long total = ledger.totalSent();
    assertEquals(
        new ChannelStats(
            channel.toString(), channel.stats().capacity(), 0, total, total, 0, 0, true),
        channel.stats());
  }

  /** Each sends {@code free} values, and the others when the channel has been closed. */
  private List<Call<Object>> senders(SendChannel<Integer> channel, int free) {
    var senders = new ArrayList<Call<Object>>();
    for (int s = 0; s < SENDERS; s++) {
      int first = s * EACH;
      var random = new SplittableRandom(s);
      Call.Action body =
          () -> {
            for (int value = first; value < first + EACH; value++) {
              if (value == first + free) {
                Await.until(channel::isClosedForSend);
              }
              if (!sendSomehow(channel, value, random)) {
                return; // closed
              }
            }
          };
      senders.add(s % 2 == 0 ? Call.run(body) : Call.runOnPlatformThread(body));
    }
    return senders;
  }

  /** Sends in one of the ways; false when the channel is closed. */
  private boolean sendSomehow(SendChannel<Integer> channel, int value, RandomGenerator random) {
    while (true) {
      try {
        boolean sent =
            switch (random.nextInt(4)) {
              case 0 -> channel.trySend(value);
              case 1 -> channel.trySend(value, SHORT);
              default -> {
                channel.send(value);
                yield true;
              }
            };
        if (sent) {
          ledger.sent(value);
          return true;
        }
      } catch (InterruptedException notSent) {
        return true;
      } catch (ChannelClosedException notSent) {
        return false;
      }
    }
  }

  private List<Call<Object>> receivers(ReceiveChannel<Integer> channel) {
    var receivers = new ArrayList<Call<Object>>();
    for (int r = 0; r < RECEIVERS; r++) {
      var random = new SplittableRandom(-r);
      Call.Action body = () -> receiveAll(channel, random);
      receivers.add(r % 2 == 0 ? Call.run(body) : Call.runOnPlatformThread(body));
    }
    return receivers;
  }

  private void receiveAll(ReceiveChannel<Integer> channel, RandomGenerator random) {
    int[] last = new int[SENDERS];
    while (!channel.isClosedForReceive()) {
      for (int value : receiveSomehow(channel, random)) {
        ledger.received(value);
        assertTrue(value >= last[value / EACH], "one sender's values came out of order");
        last[value / EACH] = value;
      }
    }
  }

  private static List<Integer> receiveSomehow(
      ReceiveChannel<Integer> channel, RandomGenerator random) {
    try {
      return switch (random.nextInt(6)) {
        case 0 -> listOf(channel.tryReceive());
        case 1 -> listOf(channel.tryReceive(SHORT));
        case 2 -> {
          var values = new ArrayList<Integer>();
          channel.drainTo(values, 1 + random.nextInt(8));
          yield values;
        }
        case 3 -> List.of(channel.receive());
        default -> listOf(channel.receiveOrNull());
      };
    } catch (InterruptedException | ChannelClosedException nothingReceived) {
      return List.of();
    }
  }

  private static List<Integer> listOf(@Nullable Integer value) {
    return value == null ? List.of() : List.of(value);
  }

  private static Stream<Call<Object>> both(List<Call<Object>> some, List<Call<Object>> others) {
    return Stream.concat(some.stream(), others.stream());
  }
}
