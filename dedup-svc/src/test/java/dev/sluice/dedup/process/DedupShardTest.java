package dev.sluice.dedup.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.SeenKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DedupShardTest {
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration NANO = Duration.ofNanos(1);
  private static final Instant START = VirtualClock.EPOCH;

  private final VirtualClock clock = new VirtualClock();
  private final MemorySeenStore store = new MemorySeenStore(2_500);
  private final DedupShard shard = new DedupShard(store, clock);

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
    for (int i = 0; i < 2_500; i++) {
      see("k" + i, TTL);
    }
    assertEquals(Duration.ofSeconds(1), shard.tick());
    assertEquals(2_500, store.size());

    clock.advance(TTL);
    assertEquals(Duration.ZERO, shard.tick());
    assertEquals(1_500, store.size());
    assertEquals(Duration.ZERO, shard.tick());
    assertNull(shard.tick(), "nothing is kept, so nothing is planned");
    assertEquals(0, store.size());
  }

  @Test
  void aFullStoreRefusesNewKeysUntilAWindowEnds() {
    for (int i = 0; i < 2_499; i++) {
      see("k" + i, TTL);
    }
    see("short", Duration.ofSeconds(7));

    assertEquals(
        new Decision.StoreFull("all 2500 entries of this shard are in use", Duration.ofSeconds(7)),
        decide("new", TTL));
    assertFalse(see("k0", TTL).first());

    clock.advance(Duration.ofSeconds(7));
    assertTrue(see("new", TTL).first());
    assertInstanceOf(Decision.StoreFull.class, decide("another", TTL));
  }

  @Test
  void isAlwaysIdleBecauseItAnswersAtOnce() {
    see("k", TTL);

    assertTrue(shard.isIdle());
  }

  private Decision.Sighting see(String key, Duration ttl) {
    return assertInstanceOf(Decision.Sighting.class, decide(key, ttl));
  }

  private Decision decide(String key, Duration ttl) {
    var reply = new Reply<Decision>();
    shard.handle(new See(new SeenKey("default", key), ttl, reply));
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }
}
