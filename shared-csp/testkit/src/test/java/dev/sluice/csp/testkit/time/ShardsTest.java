package dev.sluice.csp.testkit.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Shards;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NoLeaks
class ShardsTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final VirtualClock clock = new VirtualClock();
  private Scope scope;
  private Scope processes;
  private HeartbeatMonitor monitor;

  @BeforeEach
  void open() {
    scope = Scope.open("test", clock);
    processes = scope.child("processes");
    monitor = HeartbeatMonitor.start(scope, "hearts", INTERVAL);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Asks how many messages of the key its owner has seen, this one included. */
  private record Count(String key, Reply<Integer> reply) implements Shards.Message {
    @Override
    public void fail(Throwable reason) {
      reply.fail(reason);
    }
  }

  private static class Counter implements Shards.Owner<Count> {
    private final Map<String, Integer> counts = new HashMap<>();

    @Override
    public void handle(Count message) {
      message.reply().complete(counts.merge(message.key(), 1, Integer::sum));
    }

    @Override
    public @Nullable Duration tick() {
      return null;
    }

    @Override
    public boolean isIdle() {
      return true;
    }
  }

  @Test
  void aKeyBelongsToOneOwnerAndItsMessagesKeepTheirOrder() throws InterruptedException {
    Shards<Count> shards = start(4, 1_024);
    List<Reply<Integer>> replies = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      replies.add(send(shards, "key-" + i % 10));
    }
    for (int i = 0; i < 1_000; i++) {
      assertEquals(i / 10 + 1, replies.get(i).await());
    }
  }

  @Test
  void aShardCanBeToldByItsNumber() throws InterruptedException {
    Shards<Count> shards = start(3, 8);
    assertEquals(3, shards.count());
    var key = "key";
    assertEquals(1, send(shards, key).await());
    var counted = new Count(key, new Reply<>());
    assertTrue(shards.trySendTo(shards.shardOf(key), counted));
    assertEquals(2, counted.reply().await(), "the owner of the key has counted both");
    assertThrows(IndexOutOfBoundsException.class, () -> shards.trySendTo(3, counted));
  }

  @Test
  void manyMessagesInTheTimeOfOneTimerSetNoFurtherOnes() throws InterruptedException {
    var counting = new CountingClock(clock);
    try (var counted = Scope.open("counted", counting)) {
      HeartbeatMonitor hearts = HeartbeatMonitor.start(counted, "hearts", INTERVAL);
      Shards<Count> shards = Shards.start(counted, "shard", 1, 8, hearts, _ -> new Counter());
      send(shards, "key").await();
      int before = counting.scheduled;
      for (int i = 0; i < 100; i++) {
        send(shards, "key").await();
      }
      int set = counting.scheduled - before;
      assertTrue(set < 10, set + " timers were set for 100 messages");
    }
  }

  /** Counts alarms; of those that processes set at the same time it may miss some. */
  private static final class CountingClock implements Clock {
    private final Clock clock;
    private volatile int scheduled;

    CountingClock(Clock clock) {
      this.clock = clock;
    }

    @Override
    public long nanos() {
      return clock.nanos();
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // few at the same time
    public Alarm schedule(long atNanos, Runnable action) {
      scheduled++;
      return clock.schedule(atNanos, action);
    }
  }

  @Test
  void spreadsKeysEvenly() throws InterruptedException {
    Shards<Count> shards = start(7, 1);
    int[] keys = new int[7];
    for (int i = 0; i < 70_000; i++) {
      keys[shards.shardOf("user:" + i)]++;
    }
    for (int count : keys) {
      assertTrue(count > 9_000 && count < 11_000, "10,000 keys a shard expected, one has " + count);
    }
  }

  @Test
  void aMessageThatFailsIsToldSoAndTheShardGoesOn() throws InterruptedException {
    Shards<Count> shards =
        Shards.start(
            processes,
            "shard",
            1,
            8,
            monitor,
            shard ->
                new Counter() {
                  @Override
                  public void handle(Count message) {
                    if (message.key().equals("bad")) {
                      throw new IllegalArgumentException("bad key");
                    }
                    super.handle(message);
                  }
                });

    assertThrows(IllegalArgumentException.class, () -> send(shards, "bad").await());
    assertEquals(1, send(shards, "good").await());
  }

  @Test
  void ticksWhenItsOwnerHasAskedFor() throws InterruptedException {
    Channel<Duration> ticks = Channel.buffered(16);
    Shards.start(
        processes,
        "shard",
        1,
        8,
        monitor,
        shard ->
            new Counter() {
              @Override
              public Duration tick() {
                ticks.trySend(Duration.ofNanos(clock.nanos()));
                return Duration.ofMillis(300);
              }
            });
    assertEquals(Duration.ZERO, ticks.receive());
    clock.awaitAlarms(2); // the monitor's ticker and the shard's wait

    clock.advance(Duration.ofMillis(300));

    assertEquals(Duration.ofMillis(300), ticks.receive());
  }

  @Test
  void aFullInboxTakesNoMore() throws InterruptedException {
    Channel<String> handled = Channel.rendezvous();
    Shards<Count> shards =
        Shards.start(
            processes,
            "shard",
            1,
            2,
            monitor,
            shard ->
                new Counter() {
                  @Override
                  public void handle(Count message) {
                    super.handle(message);
                    for (String each : handled) { // until the test ends it
                      throw new AssertionError(each);
                    }
                  }
                });
    send(shards, "k").await(); // the shard is busy with it
    assertTrue(shards.trySend("k", new Count("k", new Reply<>())));
    assertTrue(shards.trySend("k", new Count("k", new Reply<>())));
    assertFalse(shards.trySend("k", new Count("k", new Reply<>())));
    handled.close();
  }

  @Test
  void closedItHandlesWhatIsThereAndEnds() throws InterruptedException {
    Shards<Count> shards = start(2, 1_024);
    List<Reply<Integer>> replies = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      replies.add(send(shards, "key-" + i));
    }

    shards.close();

    assertThrows(ChannelClosedException.class, () -> send(shards, "late"));
    for (Reply<Integer> reply : replies) {
      assertEquals(1, reply.await());
    }
    processes.join();
    assertEquals(List.of(), monitor.pulses().await(), "those that ended are watched no longer");
  }

  @Test
  void cancelledItFailsWhatNobodyWillHandle() throws InterruptedException {
    Channel<String> never = Channel.rendezvous();
    Shards<Count> shards =
        Shards.start(
            processes,
            "shard",
            1,
            8,
            monitor,
            shard ->
                new Counter() {
                  @Override
                  public void handle(Count message) {
                    super.handle(message);
                    var _ = never.iterator().hasNext(); // waits until it is interrupted
                  }
                });
    send(shards, "k").await();
    Reply<Integer> left = send(shards, "k");

    processes.cancel();

    assertThrows(ChannelClosedException.class, left::await);
    processes.join();
  }

  @Test
  void closesTheOthersWhenOneHasBeenCancelled() throws InterruptedException {
    Shards<Count> shards = start(2, 8);
    send(shards, "k").await();
    var cancelled = processes.processes().get(shards.shardOf("k"));

    cancelled.cancel();
    cancelled.join();
    shards.close();
    shards.close();

    assertThrows(ChannelClosedException.class, () -> send(shards, "k"));
    processes.join();
    assertThrows(ChannelClosedException.class, () -> send(shards, "late"));
  }

  @Test
  void closedItWaitsByTheClockForWhatItsOwnerHasToFinish() throws InterruptedException {
    Channel<Duration> ticks = Channel.buffered(16);
    Shards<Count> shards =
        Shards.start(
            processes,
            "shard",
            1,
            8,
            monitor,
            shard ->
                new Counter() {
                  private static final Duration END = Duration.ofMillis(300);

                  @Override
                  public Duration tick() {
                    Duration now = Duration.ofNanos(clock.nanos());
                    if (!ticks.trySend(now)) {
                      throw new IllegalStateException("ticks without end at " + now);
                    }
                    return END.minus(now);
                  }

                  @Override
                  public boolean isIdle() {
                    return clock.nanos() >= END.toNanos();
                  }
                });
    assertEquals(Duration.ZERO, ticks.receive());

    shards.close();

    assertEquals(Duration.ZERO, ticks.receive());
    clock.awaitAlarms(2); // the monitor's ticker and the shard's wait
    clock.advance(Duration.ofMillis(300));
    processes.join();
    assertEquals(Duration.ofMillis(300), ticks.receive());
    assertNull(ticks.tryReceive());
  }

  @Test
  void withNothingToDoItsHeartBeatsAllTheSame() throws InterruptedException {
    start(2, 1);
    clock.awaitAlarms(3); // the monitor's ticker and the shards' waits
    for (int i = 0; i < 10; i++) {
      clock.advance(INTERVAL);
      clock.awaitAlarms(3);
      for (Pulse pulse : monitor.pulses().await()) {
        assertEquals(Duration.ZERO, pulse.sinceLastBeat(), pulse.name());
      }
    }
  }

  private Shards<Count> start(int count, int inbox) throws InterruptedException {
    return Shards.start(processes, "shard", count, inbox, monitor, shard -> new Counter());
  }

  private static Reply<Integer> send(Shards<Count> shards, String key) {
    var reply = new Reply<Integer>();
    assertTrue(shards.trySend(key, new Count(key, reply)));
    return reply;
  }
}
