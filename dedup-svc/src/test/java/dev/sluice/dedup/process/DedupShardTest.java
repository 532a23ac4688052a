package dev.sluice.dedup.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.dedup.process.DecisionMeter.Result;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenOperation;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DedupShardTest {
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration NANO = Duration.ofNanos(1);
  private static final Instant START = VirtualClock.EPOCH;

  private final VirtualClock clock = new VirtualClock();
  private final MemorySeenStore store = new MemorySeenStore(1_250);
  private final List<Result> results = new ArrayList<>();
  private final DedupShard shard = new DedupShard(store, new EpochClock(clock), results::add);

  @Test
  void theFirstIsFirstAndTheOthersAreCounted() {
    assertEquals(new Decision.Sighting(true, 1, START, START.plus(TTL)), see("k", TTL));
    clock.advance(Duration.ofSeconds(3));
    assertEquals(new Decision.Sighting(false, 2, START, START.plus(TTL)), see("k", TTL));
    assertEquals(new Decision.Sighting(false, 3, START, START.plus(TTL)), see("k", TTL));
  }

  @Test
  void keysDoNotDisturbEachOther() {
    see("a", TTL);

    assertTrue(see("b", TTL).first());
  }

  @Test
  void theWindowEndsExactlyAtTheTtl() {
    see("k", TTL);

    clock.advance(TTL.minus(NANO));
    assertFalse(see("k", TTL).first());
    clock.advance(NANO);
    assertEquals(
        new Decision.Sighting(true, 1, START.plus(TTL), START.plus(TTL).plus(TTL)), see("k", TTL));
  }

  @Test
  void whatHasExpiredIsNeverADuplicateThoughItIsNotSweptYet() {
    see("k", NANO);
    clock.advance(NANO);

    assertEquals(1, store.size());
    assertTrue(see("k", TTL).first());
  }

  @Test
  void sweepsABoundedNumberAndAsksToGoOnAtOnce() {
    for (int i = 0; i < 1_250; i++) {
      see("k" + i, TTL);
    }
    assertEquals(Duration.ofSeconds(1), shard.tick());
    assertEquals(1_250, store.size());

    clock.advance(TTL);
    assertEquals(Duration.ZERO, shard.tick());
    assertEquals(750, store.size());
    assertEquals(Duration.ZERO, shard.tick());
    assertNull(shard.tick(), "nothing is kept, so nothing is planned");
    assertEquals(0, store.size());
  }

  @Test
  void sweepsAgainWhenThereIsSomethingAfterThereWasNothing() {
    assertNull(shard.tick(), "nothing is kept, so nothing is planned");
    see("k", TTL);
    assertEquals(Duration.ofSeconds(1), shard.tick());

    clock.advance(TTL);
    assertNull(shard.tick());
    assertEquals(0, store.size());
  }

  @Test
  void aFullStoreRefusesNewKeysUntilAWindowEnds() {
    for (int i = 0; i < 1_249; i++) {
      see("k" + i, TTL);
    }
    see("short", Duration.ofSeconds(7));

    assertEquals(
        new Decision.StoreFull("all 1250 entries of this shard are in use", Duration.ofSeconds(7)),
        decide("new", TTL));
    assertFalse(see("k0", TTL).first());

    clock.advance(Duration.ofSeconds(7));
    assertTrue(see("new", TTL).first());
    assertInstanceOf(Decision.StoreFull.class, decide("another", TTL));
  }

  @Test
  void aBatchIsSeenInItsOrderAndAnsweredAtOnce() {
    var reply = new Reply<List<Decision>>();
    shard.handle(
        new DedupMessage.Requests(
            List.of(operation("a", TTL), operation("b", TTL), operation("a", TTL)), reply));

    assertEquals(
        List.of(
            new Decision.Sighting(true, 1, START, START.plus(TTL)),
            new Decision.Sighting(true, 1, START, START.plus(TTL)),
            new Decision.Sighting(false, 2, START, START.plus(TTL))),
        reply.stage().toCompletableFuture().join());
  }

  @Test
  void tellsItsMeterOfSightingsAndOfNothingElse() {
    see("k", TTL);
    see("k", TTL);
    ask(new SeenOperation.Peek(key("k")));
    ask(new SeenOperation.Count("default"));
    ask(new SeenOperation.Forget(key("k")));
    for (int i = 0; i < 1_250; i++) {
      see("k" + i, TTL);
    }
    decide("too many", TTL);

    assertEquals(List.of(Result.FIRST, Result.DUPLICATE, Result.FIRST), results.subList(0, 3));
    assertEquals(1_253, results.size());
    assertEquals(Result.REFUSED, results.getLast());
  }

  @Test
  void isAlwaysIdleBecauseItAnswersAtOnce() {
    see("k", TTL);

    assertTrue(shard.isIdle());
    var reply = new Reply<StoreStatus>();
    shard.handle(new DedupMessage.GetStore(reply));
    assertEquals(StoreStatus.LOCAL, reply.stage().toCompletableFuture().join());
  }

  private Decision.Sighting see(String key, Duration ttl) {
    return assertInstanceOf(Decision.Sighting.class, decide(key, ttl));
  }

  private Decision decide(String key, Duration ttl) {
    return ask(operation(key, ttl));
  }

  private Decision ask(SeenOperation operation) {
    var reply = new Reply<Decision>();
    shard.handle(new DedupMessage.Request(operation, reply));
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }

  private static SeenOperation.See operation(String key, Duration ttl) {
    return new SeenOperation.See(key(key), ttl.toNanos(), false);
  }

  private static SeenKey key(String key) {
    return new SeenKey(
        "default", key, Fingerprint.of(new Fingerprint.Secret(1, 2), "default", key));
  }
}
