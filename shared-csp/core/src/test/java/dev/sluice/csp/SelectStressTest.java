package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selects that meet selects over the same channels, named in different orders. */
class SelectStressTest {
  private static final int SENDERS = 4;
  private static final int RELAYS = 3;
  private static final int RECEIVERS = 4;
  private static final int EACH = 3_000;

  private final Ledger ledger = new Ledger(SENDERS * EACH);

  /**
   * Senders - three channels - relays that receive and send in one select - three channels -
   * receivers; one of each three is also used by plain sends and receives.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noDeadlockAndEveryValueOnce(boolean interrupted) throws Exception {
    List<Channel<Integer>> in = channels();
    List<Channel<Integer>> out = channels();
    var senders = calls(SENDERS, s -> send(in, s));
    var relays = calls(RELAYS, r -> relay(in, out, r));
    var receivers = calls(RECEIVERS, r -> receive(out, r));
    var all = Stream.of(senders, relays, receivers).flatMap(List::stream).toList();
    try (var _ =
        Interrupter.of(
            interrupted ? all.stream() : Stream.of(Call.run(() -> {})), new SplittableRandom(5))) {
      for (Call<Object> sender : senders) {
        sender.result();
      }
      in.forEach(Channel::close);
      for (Call<Object> relay : relays) {
        relay.result();
      }
      out.forEach(Channel::close);
      for (Call<Object> receiver : receivers) {
        receiver.result();
      }
    }
    ledger.assertBalanced();
    if (!interrupted) {
      assertEquals(SENDERS * EACH, ledger.totalSent());
    }
    assertSettled(in);
    assertSettled(out);
  }

  /** Every process offers to send and to receive on the same channels, so any two may meet. */
  @Test
  void everybodySendsAndReceivesOnTheSameChannels() throws Exception {
    int meetings = 20_000;
    List<Channel<Integer>> channels = channels();
    Channel<Integer> stop = Channel.rendezvous();
    var received = new AtomicInteger();
    var sent = new AtomicInteger();
    var processes =
        calls(
            6,
            p -> {
              var select = Select.fair();
              for (Channel<Integer> channel : shuffled(channels, p)) {
                select.send(channel).value(p);
                select.receive(channel);
              }
              select.receive(stop);
              while (true) {
                var happened = select.await();
                if (happened instanceof Select.SendCase<?>) {
                  sent.incrementAndGet();
                } else if (((Select.ReceiveCase<?>) happened).isClosed()) {
                  return;
                } else if (received.incrementAndGet() == meetings) {
                  stop.close();
                }
              }
            });
    for (Call<Object> process : processes) {
      process.result();
    }
    int buffered = channels.stream().mapToInt(channel -> channel.stats().depth()).sum();
    assertEquals(sent.get(), received.get() + buffered);
    for (Channel<Integer> channel : channels) {
      assertEquals(0, channel.stats().waitingSenders());
      assertEquals(0, channel.stats().waitingReceivers());
    }
  }

  private void send(List<Channel<Integer>> to, int sender) throws InterruptedException {
    var select = sender % 2 == 0 ? Select.fair() : Select.prioritised();
    var cases = new ArrayList<Select.SendCase<Integer>>();
    for (Channel<Integer> channel : shuffled(to, sender)) {
      cases.add(select.send(channel));
    }
    for (int value = sender * EACH; value < (sender + 1) * EACH; value++) {
      for (Select.SendCase<Integer> each : cases) {
        each.value(value);
      }
      try {
        if (value % 5 == 0) {
          to.getFirst().send(value);
        } else {
          select.await();
        }
        ledger.sent(value);
      } catch (InterruptedException notSent) {
        // goes on with the next, which the ledger does not miss
      }
    }
  }

  private static void relay(List<Channel<Integer>> from, List<Channel<Integer>> to, int relay)
      throws InterruptedException {
    Queue<Integer> held = new ArrayDeque<>();
    var select = relay % 2 == 0 ? Select.fair() : Select.prioritised();
    List<Channel<Integer>> open = shuffled(from, relay);
    List<Channel<Integer>> outputs = shuffled(to, relay);
    var in = new ArrayList<Select.ReceiveCase<Integer>>();
    var out = new ArrayList<Select.SendCase<Integer>>();
    open.forEach(channel -> in.add(select.receive(channel)));
    outputs.forEach(channel -> out.add(select.send(channel)));
    while (!open.isEmpty() || !held.isEmpty()) {
      for (int i = 0; i < in.size(); i++) {
        in.get(i).from(held.size() < 4 && i < open.size() ? open.get(i) : null);
      }
      for (int i = 0; i < out.size(); i++) {
        Integer next = held.peek();
        if (next == null) {
          out.get(i).to(null);
        } else {
          out.get(i).value(next).to(outputs.get(i));
        }
      }
      try {
        var happened = select.await();
        if (happened instanceof Select.SendCase<?>) {
          held.remove();
        } else {
          int i = in.indexOf(happened);
          if (in.get(i).isClosed()) {
            open.remove(i);
          } else {
            held.add(in.get(i).value());
          }
        }
      } catch (InterruptedException nothingHappened) {
        // once more
      }
    }
  }

  private void receive(List<Channel<Integer>> from, int receiver) {
    var select = receiver % 2 == 0 ? Select.fair() : Select.prioritised();
    var cases = new ArrayList<Select.ReceiveCase<Integer>>();
    for (Channel<Integer> channel : shuffled(from, receiver)) {
      cases.add(select.receive(channel));
    }
    int open = cases.size();
    while (open > 0) {
      try {
        Integer plain = receiver == 0 ? from.getFirst().tryReceive() : null;
        if (plain != null) {
          ledger.received(plain);
        }
        var in = cases.get(cases.indexOf(select.await()));
        if (in.isClosed()) {
          in.from(null);
          open--;
        } else {
          ledger.received(in.value());
        }
      } catch (InterruptedException nothingReceived) {
        // once more
      }
    }
  }

  private void assertSettled(List<Channel<Integer>> channels) {
    for (Channel<Integer> channel : channels) {
      ChannelStats stats = channel.stats();
      assertEquals(0, stats.depth());
      assertEquals(0, stats.waitingSenders());
      assertEquals(0, stats.waitingReceivers());
      assertEquals(stats.sent(), stats.received());
    }
    assertEquals(
        ledger.totalSent(), channels.stream().mapToLong(channel -> channel.stats().sent()).sum());
  }

  private static List<Channel<Integer>> channels() {
    return List.of(Channel.rendezvous(), Channel.buffered(1), Channel.buffered(3));
  }

  private static <T> List<T> shuffled(List<T> list, int seed) {
    var copy = new ArrayList<>(list);
    Collections.shuffle(copy, new Random(seed));
    return copy;
  }

  private interface Numbered {
    void run(int number) throws Exception;
  }

  private static List<Call<Object>> calls(int count, Numbered body) {
    var calls = new ArrayList<Call<Object>>();
    for (int i = 0; i < count; i++) {
      int number = i;
      calls.add(
          i % 2 == 0
              ? Call.run(() -> body.run(number))
              : Call.runOnPlatformThread(() -> body.run(number)));
    }
    return calls;
  }
}
