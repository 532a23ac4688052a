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
import dev.sluice.dedup.store.SeenContents;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenOperation;
import dev.sluice.dedup.store.SeenOutcome;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
  private static final int ROUNDS = 1_000;
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);

  private final VirtualClock clock = new VirtualClock();

  @Test
  void ofAThousandCallersAtOnceExactlyOneIsFirst() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 2, CALLERS, (_, _) -> new MemorySeenStore(CALLERS));
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
              answers.send(sighting(deduplicator.see(ask(key))));
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
      Deduplicator deduplicator = start(scope, 2, 16, (_, _) -> new MemorySeenStore(16));

      assertTrue(sighting(deduplicator.see(new Ask("a", "k", TTL, false))).first());
      assertTrue(sighting(deduplicator.see(new Ask("b", "k", TTL, false))).first());
      assertFalse(sighting(deduplicator.see(new Ask("a", "k", TTL, false))).first());
    }
  }

  @Test
  void aBatchOverSeveralShardsIsAnsweredInItsOrder() throws InterruptedException {
    for (int shards = 1; shards <= 4; shards++) {
      try (var scope = Scope.open("test", clock)) {
        Deduplicator deduplicator = start(scope, shards, 16, (_, _) -> new MemorySeenStore(1_000));
        List<Ask> asks = IntStream.range(0, 500).mapToObj(i -> ask("k" + i % 300)).toList();

        List<Decision> decisions = deduplicator.seeAll(asks).await();

        for (int i = 0; i < 500; i++) {
          assertEquals(
              i < 300 ? 1 : 2,
              assertInstanceOf(Decision.Sighting.class, decisions.get(i)).seen(),
              "place " + i);
        }
        assertEquals(500, decisions.size());
        assertEquals(List.of(), deduplicator.seeAll(List.of()).await());
        assertEquals(new Decision.Counted(300), deduplicator.count("default").await());
        assertEquals(new Decision.Counted(0), deduplicator.count("other").await());
        assertEquals(
            300,
            contents(deduplicator).stream().mapToLong(SeenContents::entries).sum(),
            "what all shards keep");
      }
    }
  }

  private static List<SeenContents> contents(Deduplicator deduplicator)
      throws InterruptedException {
    var all = new ArrayList<SeenContents>();
    for (Reply<Optional<SeenContents>> each : deduplicator.contents()) {
      all.add(each.await().orElseThrow());
    }
    return all;
  }

  @Test
  void inABatchThatIsNotPossibleNothingIsSeen() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 2, 16, (_, _) -> new MemorySeenStore(16));
      List<Ask> asks = List.of(ask("a"), new Ask("default", "b", Duration.ZERO, false));

      assertThrows(Ask.InvalidTtl.class, () -> deduplicator.seeAll(asks));
      assertEquals(new Decision.Counted(0), deduplicator.count("default").await());
    }
  }

  @Test
  void peekAndForgetAnswerForTheWindow() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 2, 16, (_, _) -> new MemorySeenStore(16));
      Decision.Sighting first = sighting(deduplicator.see(ask("k")));

      assertEquals(first, deduplicator.peek("default", "k").await());
      assertEquals(new Decision.Unknown(), deduplicator.peek("other", "k").await());
      assertEquals(new Decision.Forgotten(), deduplicator.forget("default", "k").await());
      assertEquals(new Decision.Unknown(), deduplicator.forget("default", "k").await());
      assertTrue(sighting(deduplicator.see(ask("k"))).first());
    }
  }

  @Test
  void whoExtendsMakesTheWindowSlide() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 1, 16, (_, _) -> new MemorySeenStore(16));
      var sliding = new Ask("default", "k", TTL, true);
      for (int i = 1; i <= 5; i++) {
        assertEquals(i, sighting(deduplicator.see(sliding)).seen());
        clock.advance(TTL.minusNanos(1));
      }
      clock.advance(Duration.ofNanos(1));
      assertTrue(sighting(deduplicator.see(sliding)).first());
    }
  }

  @Test
  void refusesATtlThatIsNotPossible() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 1, 16, (_, _) -> new MemorySeenStore(16));

      assertInvalid("ttl is PT0S, must be more than 0 and at most PT10M", deduplicator, "PT0S");
      assertInvalid("ttl is PT-1S, must be more than 0 and at most PT10M", deduplicator, "PT-1S");
      assertInvalid(
          "ttl is PT10M0.000000001S, must be more than 0 and at most PT10M",
          deduplicator,
          "PT10M0.000000001S");
      assertTrue(sighting(deduplicator.see(ask("k"))).first());
    }
  }

  private static void assertInvalid(String message, Deduplicator deduplicator, String ttl) {
    var ask = new Ask("default", "k", Duration.parse(ttl), false);
    assertEquals(
        message, assertThrows(Ask.InvalidTtl.class, () -> deduplicator.see(ask)).getMessage());
  }

  @Test
  void aFullInboxIsSaidAtOnceAndWhatWasTakenIsAnswered() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Channel<SeenKey> held = scope.channel("held", 0);
      Channel<Void> release = scope.channel("release", 0);
      Deduplicator deduplicator = start(scope, 1, 1, (_, _) -> new HoldingStore(held, release));

      var inHand = deduplicator.see(ask("in hand"));
      assertEquals("in hand", held.receive().key());
      var waiting = deduplicator.see(ask("waiting"));
      var tooMany = deduplicator.see(ask("too many"));

      var noRoom = new Decision.NoRoom("too many requests wait for their decision");
      assertEquals(noRoom, tooMany.await());
      assertEquals(
          List.of(noRoom, noRoom),
          deduplicator.seeAll(List.of(ask("more"), ask("still more"))).await());
      assertEquals(noRoom, deduplicator.count("default").await());
      release.close();
      assertEquals("waiting", held.receive().key());
      assertTrue(sighting(inHand).first());
      assertTrue(sighting(waiting).first());
    }
  }

  @Test
  void aFullShardSaysSoAndGoesOn() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Deduplicator deduplicator = start(scope, 1, 16, (_, _) -> new MemorySeenStore(1));
      deduplicator.see(ask("a")).await();

      assertEquals(
          new Decision.StoreFull("all 1 entries of this shard are in use", TTL),
          deduplicator.see(ask("b")).await());
      assertEquals(2, sighting(deduplicator.see(ask("a"))).seen());
    }
  }

  @Test
  void sweepsInItsOwnTimeWhenNobodyAsks() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      Channel<Integer> sizes = scope.channel("sizes", 1);
      Deduplicator deduplicator = start(scope, 1, 16, (_, _) -> new ReportingStore(sizes));
      deduplicator.see(ask("k")).await();

      clock.advance(TTL);
      Integer size = null;
      while (size == null) { // it may set its alarm after the clock has been advanced
        clock.advance(HEARTBEAT);
        size = sizes.tryReceive();
      }
      assertEquals(0, size);
    }
  }

  @Test
  void answersWhatItHasTakenThenEnds() throws InterruptedException {
    try (var scope = Scope.open("test", clock)) {
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", HEARTBEAT);
      try (var shards = scope.child("shards")) {
        var deduplicator =
            Deduplicator.start(
                shards,
                monitor,
                new DedupSettings(4, 1_000, TTL, SECRET),
                (_, _) -> new MemorySeenStore(1_000));
        var replies = new ArrayList<Reply<Decision>>();
        for (int i = 0; i < 1_000; i++) {
          replies.add(deduplicator.see(ask("k" + i)));
        }
        deduplicator.close();

        assertThrows(ChannelClosedException.class, () -> deduplicator.see(ask("late")));
        shards.join();
        for (Reply<StoreStatus> each : deduplicator.stores()) {
          assertThrows(ChannelClosedException.class, each::await);
        }
        assertTrue(replies.stream().allMatch(Reply::isDone));
        for (var reply : replies) {
          assertTrue(sighting(reply).first());
        }
      }
    }
  }

  private static Deduplicator start(Scope scope, int shards, int inbox, SeenStore.Factory stores)
      throws InterruptedException {
    var monitor = HeartbeatMonitor.start(scope, "heartbeats", HEARTBEAT);
    return Deduplicator.start(
        scope, monitor, new DedupSettings(shards, inbox, TTL, SECRET), stores);
  }

  private static Ask ask(String key) {
    return new Ask("default", key, TTL, false);
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
    public void submit(SeenOperation operation, long now, Consumer<? super SeenOutcome> answer) {
      if (operation instanceof SeenOperation.See see) {
        try {
          held.send(see.key());
          release.receiveOrNull();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      store.submit(operation, now, answer);
    }

    @Override
    public long sweep(long now) {
      return store.sweep(now);
    }
  }

  /** Reports its size when a sweep has made it smaller. */
  private record ReportingStore(MemorySeenStore store, SendChannel<Integer> sizes)
      implements SeenStore {
    ReportingStore(SendChannel<Integer> sizes) {
      this(new MemorySeenStore(10), sizes);
    }

    @Override
    public void submit(SeenOperation operation, long now, Consumer<? super SeenOutcome> answer) {
      store.submit(operation, now, answer);
    }

    @Override
    public long sweep(long now) {
      int before = store.size();
      long pause = store.sweep(now);
      if (store.size() < before) {
        sizes.trySend(store.size());
      }
      return pause;
    }
  }
}
