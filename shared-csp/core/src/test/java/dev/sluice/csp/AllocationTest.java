package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What allocates nothing, by the JVM's own count for one thread of the platform. The count is
 * reached by reflection, so that the library's module need not read that of the JVM's management.
 *
 * <p>A round may allocate while the JVM warms up (an object that the optimising compiler proves to
 * be local is not made): the least of many attempts counts.
 */
class AllocationTest {
  private static final int ATTEMPTS = 200;

  @FunctionalInterface
  private interface Round {
    void run() throws InterruptedException;
  }

  private final Object threads;
  private final Method allocatedBytes;

  AllocationTest() throws ReflectiveOperationException {
    threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    allocatedBytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
  }

  @Test
  void aBufferedChannel() throws Exception {
    Channel<Integer> channel = Channel.buffered(16);
    assertAllocatesNothing(
        5_000,
        () -> {
          channel.send(7);
          assertEquals(7, channel.receive());
          channel.trySend(8);
          assertEquals(8, channel.tryReceive());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aReceiveThatWaits(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    try (var _ = Partner.sendsTo(channel)) {
      assertAllocatesNothing(2_000, () -> assertEquals(7, channel.receive()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSendThatWaits(int capacity) throws Exception {
    Channel<Integer> channel = Channel.of(capacity);
    try (var _ = Partner.receivesFrom(channel)) {
      assertAllocatesNothing(2_000, () -> channel.send(7));
    }
  }

  @Test
  void sendsOfACrowdThatWaits() throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    var crowd = new ArrayList<Call<Object>>();
    for (int i = 0; i < 8; i++) {
      crowd.add(Call.run(() -> sendUntilClosed(channel)));
    }
    Await.waitingSenders(channel, 8);
    Set<Object> offers = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 10_000; i++) {
      channel.receive();
      Await.waitingSenders(channel, 8);
      crowd.forEach(call -> offers.add(LockSupport.getBlocker(call.thread())));
    }
    channel.close();
    for (Call<Object> call : crowd) {
      call.result();
    }
    offers.remove(null);
    assertTrue(offers.size() <= 64, () -> offers.size() + " offers were made for 10,000 sends");
  }

  private static void sendUntilClosed(Channel<Integer> channel) throws InterruptedException {
    try {
      while (true) {
        channel.send(7);
      }
    } catch (ChannelClosedException end) {
      assertTrue(channel.isClosedForSend());
    }
  }

  @Test
  void aSelectOfWhatIsReady() throws Exception {
    Channel<Integer> channel = Channel.buffered(1);
    var select = Select.fair();
    var out = select.send(channel).value(7);
    var in = select.receive(channel);
    select.receive(Channel.<Integer>rendezvous());
    assertAllocatesNothing(
        5_000,
        () -> {
          assertSame(out, select.await());
          assertSame(in, select.await());
        });
  }

  @Test
  void aSelectWithNothingReady() throws Exception {
    var select = Select.prioritised();
    select.receive(Channel.<Integer>rendezvous());
    select.send(Channel.<Integer>rendezvous()).value(7);
    var otherwise = select.otherwise();
    assertAllocatesNothing(5_000, () -> assertSame(otherwise, select.await()));
  }

  @Test
  void aSelectWhoseCasesAreSwitchedOffAndOn() throws Exception {
    Channel<Integer> channel = Channel.buffered(1);
    var select = Select.fair();
    var out = select.send(channel).value(7);
    select.receive(Channel.<Integer>rendezvous());
    var in = select.receive(channel);
    assertAllocatesNothing(
        5_000,
        () -> {
          in.from(null);
          out.to(channel);
          assertSame(out, select.await());
          out.to(null);
          in.from(channel);
          assertSame(in, select.await());
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSelectThatWaits(boolean limited) throws Exception {
    Channel<Integer> channel = Channel.rendezvous();
    Channel<Integer> never = Channel.rendezvous();
    var select = Select.fair();
    var in = select.receive(channel);
    var out = select.send(never).value(7);
    if (limited) {
      select.after(Duration.ofDays(1));
    }
    try (var _ = Partner.sendsTo(channel)) {
      assertAllocatesNothing(
          2_000,
          () -> {
            assertSame(in, select.await());
            out.to(null); // and on again, as a loop does
            out.to(never);
          });
    }
  }

  @Test
  void learningOfTheEnd() throws Exception {
    Channel<Integer> channel = Channel.buffered(1);
    channel.close();
    assertAllocatesNothing(5_000, () -> assertNull(channel.receiveOrNull()));
  }

  @Test
  void abandoningWhatHasBeenAnswered() throws Exception {
    var reply = new Reply<Integer>();
    reply.complete(7);
    assertAllocatesNothing(5_000, () -> assertFalse(reply.abandon()));
  }

  /** Serves whoever waits, on a thread of the platform because it spins. */
  private static final class Partner implements AutoCloseable {
    private volatile boolean closed;

    private Partner(BooleanSupplier attempt) {
      Thread.ofPlatform().daemon().start(() -> run(attempt));
    }

    static Partner sendsTo(SendChannel<Integer> channel) {
      return new Partner(() -> channel.trySend(7));
    }

    static Partner receivesFrom(ReceiveChannel<Integer> channel) {
      return new Partner(() -> channel.tryReceive() != null);
    }

    @Override
    public void close() {
      closed = true;
    }

    @SuppressWarnings("ThreadPriorityCheck") // on one processor the other must run
    private void run(BooleanSupplier attempt) {
      while (!closed) {
        if (!attempt.getAsBoolean()) {
          Thread.yield();
        }
      }
    }
  }

  private void assertAllocatesNothing(int rounds, Round round) throws Exception {
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS && least > 0; attempt++) {
      long before = allocated();
      for (int i = 0; i < rounds; i++) {
        round.run();
      }
      least = Math.min(least, (allocated() - before) / rounds);
    }
    assertEquals(0, least, "bytes a round");
  }

  private long allocated() throws ReflectiveOperationException {
    return (long) allocatedBytes.invoke(threads);
  }
}
