package dev.sluice.dedup.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.Seen;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The deduplicator as it runs: its shards as processes, and callers that are processes too. */
@NoLeaks
@Timeout(60) // a broken process would be waited for without end
class DeduplicatorTest {
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final int CALLERS = 1_000;
  private static final int ROUNDS = 100;

  private final VirtualClock clock = new VirtualClock();

  @Test
  void ofAThousandCallersAtOnceExactlyOneIsFirst() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 2, CALLERS, shard -> new MemorySeenStore(CALLERS));
      for (int round = 0; round < ROUNDS; round++) {
        List<Decision.Sighting> sightings = seeAtOnce(scope, deduplicator, "round-" + round);

        assertEquals(1, sightings.stream().filter(Decision.Sighting::first).count());
        assertEquals(
            LongStream.rangeClosed(1, CALLERS).boxed().toList(),
            sightings.stream().map(Decision.Sighting::seen).sorted().toList());
      }
    }
  }

  /** All callers wait at one gate, ask when it opens, and hand in what they were answered. */
  private static List<Decision.Sighting> seeAtOnce(
      Scope outer, Deduplicator deduplicator, String key) throws InterruptedException {
    var sightings = new ArrayList<Decision.Sighting>();
    try (var scope = outer.child(key)) {
      Channel<Void> gate = scope.channel("gate", 0);
      Channel<Decision.Sighting> answers = scope.channel("answers", CALLERS);
      for (int i = 0; i < CALLERS; i++) {
        scope.start(
            "caller-" + i,
            () -> {
              gate.receiveOrNull();
              answers.send(sighting(deduplicator.dedup(ask(key))));
            });
      }
      gate.close();
      scope.join();
      answers.drainTo(sightings, CALLERS);
    }
    return sightings;
  }

  @Test
  void aNamespaceIsPartOfTheKey() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 2, 16, shard -> new MemorySeenStore(16));

      assertTrue(sighting(deduplicator.dedup(new Ask("a", "k", TTL))).first());
      assertTrue(sighting(deduplicator.dedup(new Ask("b", "k", TTL))).first());
      assertFalse(sighting(deduplicator.dedup(new Ask("a", "k", TTL))).first());
    }
  }

  @Test
  void refusesATtlThatIsNotPossible() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 1, 16, shard -> new MemorySeenStore(16));

      assertInvalid("ttl is PT0S, must be more than 0 and at most PT10M", deduplicator, "PT0S");
      assertInvalid("ttl is PT-1S, must be more than 0 and at most PT10M", deduplicator, "PT-1S");
      assertInvalid(
          "ttl is PT10M0.000000001S, must be more than 0 and at most PT10M",
          deduplicator,
          "PT10M0.000000001S");
      assertTrue(sighting(deduplicator.dedup(ask("k"))).first());
    }
  }

  private static void assertInvalid(String message, Deduplicator deduplicator, String ttl) {
    var ask = new Ask("default", "k", Duration.parse(ttl));
    assertEquals(
        message, assertThrows(Ask.InvalidTtl.class, () -> deduplicator.dedup(ask)).getMessage());
  }

  @Test
  void aFullInboxIsSaidAtOnceAndWhatWasTakenIsAnswered() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Channel<SeenKey> held = scope.channel("held", 0);
      Channel<Void> release = scope.channel("release", 0);
      Deduplicator deduplicator = start(scope, 1, 1, shard -> new HoldingStore(held, release));

      var inHand = deduplicator.dedup(ask("in hand"));
      assertEquals("in hand", held.receive().key());
      var waiting = deduplicator.dedup(ask("waiting"));
      var tooMany = deduplicator.dedup(ask("too many"));

      assertEquals(
          new Decision.NoRoom("too many requests wait for their decision"), tooMany.await());
      release.close();
      assertEquals("waiting", held.receive().key());
      assertTrue(sighting(inHand).first());
      assertTrue(sighting(waiting).first());
    }
  }

  @Test
  void aFullShardSaysSoAndGoesOn() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 1, 16, shard -> new MemorySeenStore(1));
      deduplicator.dedup(ask("a")).await();

      assertEquals(
          new Decision.StoreFull("all 1 entries of this shard are in use", TTL),
          deduplicator.dedup(ask("b")).await());
      assertEquals(2, sighting(deduplicator.dedup(ask("a"))).seen());
    }
  }

  @Test
  void sweepsInItsOwnTimeWhenNobodyAsks() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Channel<Integer> sizes = scope.channel("sizes", 1);
      Deduplicator deduplicator = start(scope, 1, 16, shard -> new ReportingStore(sizes));
      deduplicator.dedup(ask("k")).await();

      clock.advance(TTL);
      clock.advance(HEARTBEAT);
      assertEquals(0, sizes.receive());
    }
  }

  @Test
  void answersWhatItHasTakenThenEnds() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", HEARTBEAT);
      try (var shards = scope.child("shards")) {
        var deduplicator =
            Deduplicator.start(
                shards, monitor, new DedupSettings(4, 1_000, TTL), i -> new MemorySeenStore(1_000));
        var replies = new ArrayList<Reply<Decision>>();
        for (int i = 0; i < 1_000; i++) {
          replies.add(deduplicator.dedup(ask("k" + i)));
        }
        deduplicator.close();

        assertThrows(ChannelClosedException.class, () -> deduplicator.dedup(ask("late")));
        shards.join();
        assertTrue(replies.stream().allMatch(Reply::isDone));
        for (var reply : replies) {
          assertTrue(sighting(reply).first());
        }
      }
    }
  }

  private static Deduplicator start(
      Scope scope, int shards, int inbox, IntFunction<? extends SeenStore> stores)
      throws InterruptedException {
    var monitor = HeartbeatMonitor.start(scope, "heartbeats", HEARTBEAT);
    return Deduplicator.start(scope, monitor, new DedupSettings(shards, inbox, TTL), stores);
  }

  private static Ask ask(String key) {
    return new Ask("default", key, TTL);
  }

  private static Decision.Sighting sighting(Reply<Decision> reply) throws InterruptedException {
    return assertInstanceOf(Decision.Sighting.class, reply.await());
  }

  /** Names every key that it is asked for, and goes on when it is told to. */
  private record HoldingStore(SeenStore store, SendChannel<SeenKey> held, Channel<Void> release)
      implements SeenStore {
    HoldingStore(SendChannel<SeenKey> held, Channel<Void> release) {
      this(new MemorySeenStore(10), held, release);
    }

    @Override
    public Seen see(SeenKey key, Duration ttl, long now, Instant at) {
      try {
        held.send(key);
        release.receiveOrNull();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      return store.see(key, ttl, now, at);
    }

    @Override
    public boolean sweep(long now, int most) {
      return store.sweep(now, most);
    }

    @Override
    public int size() {
      return store.size();
    }
  }

  /** Reports its size when a sweep has made it smaller. */
  private record ReportingStore(SeenStore store, SendChannel<Integer> sizes) implements SeenStore {
    ReportingStore(SendChannel<Integer> sizes) {
      this(new MemorySeenStore(10), sizes);
    }

    @Override
    public Seen see(SeenKey key, Duration ttl, long now, Instant at) {
      return store.see(key, ttl, now, at);
    }

    @Override
    public boolean sweep(long now, int most) {
      int before = store.size();
      boolean more = store.sweep(now, most);
      if (store.size() < before) {
        sizes.trySend(store.size());
      }
      return more;
    }

    @Override
    public int size() {
      return store.size();
    }
  }
}
