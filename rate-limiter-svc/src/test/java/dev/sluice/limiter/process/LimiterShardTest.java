package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.patterns.RateLimit;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.store.BucketKey;
import dev.sluice.limiter.store.MemoryBucketStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimiterShardTest {
  private static final RateLimit TEN_A_SECOND = new RateLimit(10, Duration.ofSeconds(1), 10);
  private static final Duration PERMIT = Duration.ofMillis(100); // what a permit takes to come back

  private final VirtualClock clock = new VirtualClock();
  private final MemoryBucketStore store = new MemoryBucketStore(2);
  private final LimiterShard shard = new LimiterShard(store, 3, clock);

  @Test
  void grantsTheBurstThenRefusesWithTheTimeToTryAgain() {
    for (int left = 9; left >= 0; left--) {
      assertEquals(left, granted(acquire("k", 1, Duration.ZERO)).remaining());
    }
    assertEquals(refused(0, PERMIT), decided(acquire("k", 1, Duration.ZERO)));
  }

  @Test
  void keysDoNotDisturbEachOther() {
    acquire("a", 10, Duration.ZERO);

    assertEquals(9, granted(acquire("b", 1, Duration.ZERO)).remaining());
  }

  @Test
  void servesWaitersFirstComeFirstServedEachAtItsInstant() {
    acquire("k", 10, Duration.ZERO);
    var three = acquire("k", 3, Duration.ofSeconds(1));
    var one = acquire("k", 1, Duration.ofSeconds(1));

    advance(PERMIT.multipliedBy(3).minusNanos(1));
    assertFalse(three.isDone());
    assertFalse(one.isDone(), "one permit was there, but it does not overtake");

    advance(Duration.ofNanos(1));
    assertEquals(PERMIT.multipliedBy(3), granted(three).waited());
    assertFalse(one.isDone());

    advance(PERMIT);
    assertEquals(PERMIT.multipliedBy(4), granted(one).waited());
  }

  @Test
  void aNewcomerDoesNotOvertakeAWaiter() {
    acquire("k", 10, Duration.ZERO);
    var waiter = acquire("k", 5, Duration.ofSeconds(1));
    advance(PERMIT.multipliedBy(2));

    assertEquals(refused(2, PERMIT.multipliedBy(4)), decided(acquire("k", 1, Duration.ZERO)));

    advance(PERMIT.multipliedBy(3));
    assertTrue(waiter.isDone());
  }

  @Test
  void refusesAtOnceWhatCannotBeMetWithinTheWait() {
    acquire("k", 10, Duration.ZERO);

    assertEquals(refused(0, PERMIT), decided(acquire("k", 1, PERMIT.minusNanos(1))));
    assertFalse(acquire("k", 1, PERMIT).isDone());
  }

  @Test
  void refusesMoreWaitersThanTheLineHolds() {
    acquire("k", 10, Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      assertFalse(acquire("k", 1, Duration.ofMinutes(1)).isDone());
    }
    assertEquals(
        refused(0, PERMIT.multipliedBy(4)), decided(acquire("k", 1, Duration.ofMinutes(1))));
  }

  @Test
  void whoGoesAwayTakesNoPermitsAndThoseBehindMoveUp() {
    acquire("k", 10, Duration.ZERO);
    var gone = ask("k", 5, Duration.ofSeconds(1));
    var alsoGone = ask("k", 2, Duration.ofSeconds(1));
    var staying = ask("k", 1, Duration.ofSeconds(1));

    goAway(alsoGone);
    goAway(gone);

    assertEquals(refused(0, PERMIT.multipliedBy(2)), decided(acquire("k", 1, Duration.ZERO)));
    advance(PERMIT);
    assertEquals(PERMIT, granted(staying.reply()).waited());
    assertTrue(shard.isIdle());
    advance(PERMIT.multipliedBy(10));
    assertEquals(9, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoGoesAwayMakesRoomInTheLine() {
    acquire("k", 10, Duration.ZERO);
    ask("k", 1, Duration.ofMinutes(1));
    var gone = ask("k", 1, Duration.ofMinutes(1));
    ask("k", 1, Duration.ofMinutes(1));
    assertTrue(acquire("k", 1, Duration.ofMinutes(1)).isDone());

    goAway(gone);

    assertFalse(acquire("k", 1, Duration.ofMinutes(1)).isDone());
    assertTrue(acquire("k", 1, Duration.ofMinutes(1)).isDone());
  }

  @Test
  void theLastWhoGoesAwayLeavesNoLine() {
    acquire("k", 10, Duration.ZERO);
    goAway(ask("k", 5, Duration.ofSeconds(1)));

    assertTrue(shard.isIdle());
    advance(PERMIT);
    assertEquals(0, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoHasGoneAwayUnheardIsPassedOverAtItsTurn() {
    acquire("k", 10, Duration.ZERO);
    var gone = acquire("k", 5, Duration.ofSeconds(1));
    var staying = acquire("k", 2, Duration.ofSeconds(1));
    gone.abandon();

    advance(PERMIT.multipliedBy(5));

    assertEquals(3, granted(staying).remaining());
    assertEquals(2, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoHasGoneAwayBeforeItsTurnInTheInboxTakesNothing() {
    var reply = new Reply<Decision>();
    reply.abandon();
    shard.handle(new Acquire(bucket("k"), 4, Duration.ZERO, reply));

    assertEquals(9, granted(acquire("k", 1, Duration.ZERO)).remaining());
  }

  @Test
  void whoGoesAwayWhenItIsAnsweredChangesNothing() {
    var served = ask("k", 4, Duration.ofSeconds(1));
    goAway(served);
    acquire("k", 6, Duration.ZERO);
    assertFalse(acquire("k", 3, Duration.ofSeconds(1)).isDone());
    goAway(served);

    assertEquals(refused(0, PERMIT.multipliedBy(4)), decided(acquire("k", 1, Duration.ZERO)));
  }

  @Test
  void isIdleOnlyWhenNobodyWaits() {
    acquire("k", 10, Duration.ZERO);
    assertTrue(shard.isIdle());
    acquire("k", 1, Duration.ofSeconds(1));
    assertFalse(shard.isIdle());
    advance(PERMIT);
    assertTrue(shard.isIdle());
  }

  @Test
  void forgetsBucketsThatAreFullAgainAndKeepsTheOthers() {
    acquire("short", 1, Duration.ZERO);
    acquire("long", 10, Duration.ZERO);
    advance(Duration.ofMillis(50));
    assertEquals(
        new Decision.StoreFull("all 2 buckets of this shard are in use", Duration.ofMillis(950)),
        decided(acquire("third", 1, Duration.ZERO)));

    advance(Duration.ofMillis(950).minusNanos(1));
    assertEquals(2, store.size());
    advance(Duration.ofNanos(1));
    assertEquals(0, store.size());
    assertEquals(9, granted(acquire("third", 1, Duration.ZERO)).remaining());
  }

  private Reply<Decision> acquire(String key, long permits, Duration wait) {
    return ask(key, permits, wait).reply();
  }

  private Acquire ask(String key, long permits, Duration wait) {
    var request = new Acquire(bucket(key), permits, wait, new Reply<>());
    shard.handle(request);
    return request;
  }

  private static BucketKey bucket(String key) {
    return new BucketKey(null, key, TEN_A_SECOND);
  }

  private void goAway(Acquire request) {
    request.reply().abandon();
    shard.handle(new Abandoned(request));
  }

  private static Decision refused(long remaining, Duration retryAfter) {
    return new Decision.Refused(
        new Quota("inline", 10, Duration.ofSeconds(1)), remaining, retryAfter);
  }

  private void advance(Duration by) {
    clock.advance(by);
    shard.tick();
  }

  private static Decision.Granted granted(Reply<Decision> reply) {
    return assertInstanceOf(Decision.Granted.class, decided(reply));
  }

  private static Decision decided(Reply<Decision> reply) {
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }
}
