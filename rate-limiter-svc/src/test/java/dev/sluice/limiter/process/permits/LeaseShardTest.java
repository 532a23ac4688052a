package dev.sluice.limiter.process.permits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.limiter.process.KeyPattern;
import dev.sluice.limiter.process.Policy.WhenEngineFails;
import dev.sluice.limiter.process.permits.LeaseDecision.Granted;
import dev.sluice.limiter.process.permits.LeaseDecision.Holder;
import dev.sluice.limiter.process.permits.LeaseDecision.Refused;
import dev.sluice.limiter.process.permits.LeaseDecision.Unknown;
import dev.sluice.limiter.process.permits.LeaseMessage.Acquire;
import dev.sluice.limiter.store.LeaseKey;
import dev.sluice.limiter.store.MemoryLeaseStore;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeaseShardTest {
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);
  private static final Duration TTL = Duration.ofSeconds(30);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration NANO = Duration.ofNanos(1);

  private final VirtualClock clock = new VirtualClock();
  private final LeaseShard shard =
      new LeaseShard(
          new MemoryLeaseStore(6),
          new LeaseSettings(
              1,
              1,
              3,
              Duration.ofHours(1),
              TTL,
              Duration.ofHours(1),
              true,
              Map.of(
                  "db",
                  new LeasePolicy(
                      "db",
                      2,
                      Duration.ofSeconds(10),
                      Duration.ofSeconds(5),
                      new KeyPattern("db:*"),
                      WhenEngineFails.CLOSED)),
              SECRET),
          new EpochClock(clock),
          new SplittableRandom(1));

  @Test
  void grantsUpToTheLimitThenRefusesWithTheNextExpiry() {
    Granted first = granted(acquire("k", 2, 3, Duration.ZERO));
    assertEquals(1, first.remaining());
    assertEquals(3, first.limit());
    assertEquals(VirtualClock.EPOCH.plus(TTL), first.expiresAt());
    assertEquals(Duration.ZERO, first.waited());
    clock.advance(Duration.ofSeconds(10));
    Granted second = granted(acquire("k", 1, 3, Duration.ZERO));
    assertEquals(0, second.remaining());
    assertTrue(second.fence() > first.fence());
    assertNotEquals(first.lease(), second.lease());

    assertEquals(
        new Refused(3, 0, Duration.ofSeconds(20)), decided(acquire("k", 1, 3, Duration.ZERO)));
    assertEquals(0, granted(acquire("other", 1, 1, Duration.ZERO)).remaining());
  }

  @Test
  void aLeaseEndsExactlyAtItsTtlAndItsPermitsGoToWhoWaits() {
    Granted holder = granted(acquire("k", 1, 1, Duration.ZERO));
    var waiter = acquire("k", 1, 1, MINUTE);

    advance(TTL.minus(NANO));
    assertFalse(waiter.isDone());
    advance(NANO);

    assertEquals(TTL, granted(waiter).waited());
    assertEquals(new Unknown(), decided(renew(holder.lease(), null)));
    assertEquals(new Unknown(), decided(release(holder.lease())));
    assertEquals(new LeaseCounts(OptionalLong.of(1), 0, 2, 0, 1), counts());
  }

  @Test
  void aRenewedLeaseEndsItsTtlAfterTheRenewal() {
    Granted holder = granted(acquire("k", 1, 1, Duration.ZERO));
    var waiter = acquire("k", 1, 1, MINUTE.multipliedBy(5));
    advance(TTL.minus(NANO));
    var renewed =
        assertInstanceOf(LeaseDecision.Renewed.class, decided(renew(holder.lease(), null)));
    assertEquals(VirtualClock.EPOCH.plus(TTL.multipliedBy(2)).minus(NANO), renewed.expiresAt());
    assertEquals(holder.fence(), renewed.fence());

    advance(TTL.minus(NANO));
    assertFalse(waiter.isDone());
    renew(holder.lease(), Duration.ofSeconds(2));
    advance(Duration.ofSeconds(2).minus(NANO));
    assertFalse(waiter.isDone());
    advance(NANO);
    assertTrue(waiter.isDone(), "it was renewed for a shorter time than it had");
  }

  @Test
  void whatIsReleasedGoesToTheFirstAtOnceAndNobodyOvertakes() {
    Granted one = granted(acquire("k", 1, 3, Duration.ZERO));
    Granted two = granted(acquire("k", 2, 3, Duration.ZERO));
    var wantsThree = acquire("k", 3, 3, MINUTE);
    var wantsOne = acquire("k", 1, 3, MINUTE);
    advance(Duration.ofSeconds(1));

    release(one.lease());
    shard.tick();
    assertFalse(wantsThree.isDone());
    assertFalse(wantsOne.isDone(), "its permit is there, but it does not overtake");
    assertEquals(
        new Refused(3, 1, Duration.ofSeconds(29)), decided(acquire("k", 1, 3, Duration.ZERO)));

    release(two.lease());
    shard.tick();
    Granted three = granted(wantsThree);
    assertEquals(Duration.ofSeconds(1), three.waited());
    assertFalse(wantsOne.isDone());

    release(three.lease());
    shard.tick();
    assertEquals(2, granted(wantsOne).remaining());
    assertTrue(shard.isIdle());
  }

  @Test
  void aReleaseServesAsManyAsFit() {
    Granted all = granted(acquire("k", 3, 3, Duration.ZERO));
    var first = acquire("k", 1, 3, MINUTE);
    var second = acquire("k", 2, 3, MINUTE);
    var third = acquire("k", 1, 3, MINUTE);

    release(all.lease());
    shard.tick();

    assertEquals(2, granted(first).remaining());
    assertEquals(0, granted(second).remaining());
    assertFalse(third.isDone());
  }

  @Test
  void aWaiterIsRefusedExactlyWhenItsWaitEnds() {
    acquire("k", 1, 1, Duration.ZERO);
    var waiter = acquire("k", 1, 1, Duration.ofSeconds(10));

    advance(Duration.ofSeconds(10).minus(NANO));
    assertFalse(waiter.isDone());
    advance(NANO);

    assertEquals(new Refused(1, 0, Duration.ofSeconds(20)), decided(waiter));
    assertTrue(shard.isIdle());
  }

  @Test
  void whenWaitAndLeaseEndTogetherThePermitIsGranted() {
    acquire("k", 1, 1, Duration.ZERO);
    var waiter = acquire("k", 1, 1, TTL);

    advance(TTL);

    assertEquals(TTL, granted(waiter).waited());
  }

  @Test
  void whoIsBehindOneWhoseWaitEndsMovesUp() {
    Granted two = granted(acquire("k", 2, 3, Duration.ZERO));
    var wantsTwo = acquire("k", 2, 3, Duration.ofSeconds(1));
    var wantsOne = acquire("k", 1, 3, MINUTE);
    advance(Duration.ofSeconds(1));

    assertEquals(new Refused(3, 1, Duration.ofSeconds(29)), decided(wantsTwo));
    assertEquals(0, granted(wantsOne).remaining());
    release(two.lease());
  }

  @Test
  void refusesMoreWaitersThanTheLineHolds() {
    acquire("k", 1, 1, Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      assertFalse(acquire("k", 1, 1, MINUTE).isDone());
    }
    assertEquals(new Refused(1, 0, TTL), decided(acquire("k", 1, 1, MINUTE)));
    assertEquals(new LeaseCounts(OptionalLong.of(1), 3, 1, 1, 0), counts());
  }

  @Test
  void whoGoesAwayGivesItsPlaceToThoseBehind() {
    acquire("k", 2, 3, Duration.ZERO);
    var gone = ask("k", 2, 3, MINUTE);
    var staying = acquire("k", 1, 3, MINUTE);

    gone.reply().abandon();
    shard.handle(new LeaseMessage.Abandoned(gone));
    shard.tick();

    assertEquals(0, granted(staying).remaining());
    assertTrue(shard.isIdle());
  }

  @Test
  void aLeaseForSomebodyWhoHasGoneUnheardIsReleasedAtOnce() {
    Granted holder = granted(acquire("k", 1, 1, Duration.ZERO));
    var gone = acquire("k", 1, 1, MINUTE);
    var staying = acquire("k", 1, 1, MINUTE);
    gone.abandon();

    release(holder.lease());
    shard.tick();

    assertEquals(0, granted(staying).remaining());
    assertEquals(new LeaseCounts(OptionalLong.of(1), 0, 2, 0, 0), counts());
  }

  @Test
  void whoHasGoneBeforeItsTurnInTheInboxTakesNothing() {
    var reply = new Reply<LeaseDecision>();
    reply.abandon();
    shard.handle(new Acquire(key(null, "k"), inline("k", 1, 1, Duration.ZERO), reply));

    assertEquals(new LeaseCounts(OptionalLong.of(0), 0, 0, 0, 0), counts());
  }

  @Test
  void theLimitOfTheCallCountsTheLeasesOfAll() {
    granted(acquire("k", 2, 2, Duration.ZERO));

    assertEquals(1, granted(acquire("k", 1, 4, Duration.ZERO)).remaining());
    assertEquals(new Refused(1, 0, TTL), decided(acquire("k", 1, 1, Duration.ZERO)));
  }

  @Test
  void tellsWhoHasLeasesAndHowManyWait() {
    Granted first = granted(acquire("k", 1, 3, Duration.ZERO));
    clock.advance(Duration.ofSeconds(1));
    var named = new LeaseAsk("k", 2, new LeaseAsk.Under.Limit(3), MINUTE, Duration.ZERO, "me");
    Granted second = granted(send(named).reply());
    acquire("k", 1, 3, MINUTE);

    var start = VirtualClock.EPOCH;
    assertEquals(
        new LeaseDecision.Held(
            3L,
            3,
            2,
            1,
            List.of(
                new Holder(null, 1, first.fence(), start, start.plus(TTL)),
                new Holder("me", 2, second.fence(), start.plusSeconds(1), start.plusSeconds(61)))),
        decided(look(null, "k", 3L)));
    assertEquals(
        new LeaseDecision.Held(null, 0, 0, 0, List.of()), decided(look(null, "other", null)));
  }

  @Test
  void aPolicySaysHowManyHowLongAndWhoMayWait() {
    Granted granted = granted(policy("db:1", null, Duration.ofSeconds(5)));
    assertEquals(2, granted.limit());
    assertEquals(VirtualClock.EPOCH.plusSeconds(10), granted.expiresAt());

    assertEquals(
        new LeaseDecision.NotPossible("key", "k", "policy db takes keys like db:*"),
        decided(policy("k", null, Duration.ZERO)));
    assertEquals(
        new LeaseDecision.NotPossible("ttl", TTL, "policy db allows at most 10000ms"),
        decided(policy("db:1", TTL, Duration.ZERO)));
    assertEquals(
        new LeaseDecision.NotPossible("ttl", TTL, "policy db allows at most 10000ms"),
        decided(renew(granted.lease(), TTL)));
    assertEquals(
        new LeaseDecision.NotPossible("wait", MINUTE, "policy db allows at most 5000ms"),
        decided(policy("db:1", null, MINUTE)));
    assertEquals(
        new LeaseDecision.NotPossible("policy", "nosuch", "must be one of [db]"),
        decided(look("nosuch", "k", null)));
    assertEquals(
        new LeaseDecision.NotPossible("permits", 3L, "must be 1 to the limit's 2"),
        decided(
            send(new LeaseAsk(
                    "db:1", 3, new LeaseAsk.Under.Policy("db"), null, Duration.ZERO, null))
                .reply()));
    assertEquals(
        2L, assertInstanceOf(LeaseDecision.Held.class, decided(look("db", "db:1", null))).limit());
  }

  @Test
  void newPoliciesCountTheLeasesThatAreOutAndServeThoseWhoWait() {
    granted(policy("db:1", null, Duration.ZERO));
    granted(policy("db:1", null, Duration.ZERO));
    var waiter = policy("db:1", null, Duration.ofSeconds(5));
    var behind = policy("db:1", null, Duration.ofSeconds(5));

    newPolicies(Map.of("db", new LeasePolicy("db", 3, null, null, null, WhenEngineFails.CLOSED)));
    assertEquals(0, granted(waiter).remaining());
    assertFalse(behind.isDone());

    newPolicies(Map.of());
    assertEquals(
        new LeaseDecision.NotPossible("policy", "db", "must be one of []"), decided(behind));
    assertTrue(shard.isIdle());
  }

  @Test
  void refusesALeaseTooManyUntilOneEnds() {
    for (int i = 0; i < 6; i++) {
      granted(acquire("k" + i, 1, 1, Duration.ZERO));
      advance(Duration.ofSeconds(1));
    }
    assertEquals(
        new LeaseDecision.StoreFull("all 6 leases of this shard are out", Duration.ofSeconds(24)),
        decided(acquire("k6", 1, 1, Duration.ZERO)));
  }

  @Test
  void saysWhenThereIsSomethingToDo() {
    assertEquals(null, shard.tick());
    acquire("k", 1, 1, Duration.ZERO);
    assertEquals(TTL, shard.tick());
    acquire("k", 1, 1, Duration.ofSeconds(2));
    assertEquals(Duration.ofSeconds(2), shard.tick());
  }

  private Reply<LeaseDecision> acquire(String key, long permits, long limit, Duration wait) {
    return ask(key, permits, limit, wait).reply();
  }

  private Acquire ask(String key, long permits, long limit, Duration wait) {
    return send(inline(key, permits, limit, wait));
  }

  private static LeaseAsk inline(String key, long permits, long limit, Duration wait) {
    return new LeaseAsk(key, permits, new LeaseAsk.Under.Limit(limit), null, wait, null);
  }

  private Reply<LeaseDecision> policy(String key, Duration ttl, Duration wait) {
    return send(new LeaseAsk(key, 1, new LeaseAsk.Under.Policy("db"), ttl, wait, null)).reply();
  }

  private Acquire send(LeaseAsk ask) {
    String policy = ask.under() instanceof LeaseAsk.Under.Policy(String name) ? name : null;
    var request = new Acquire(key(policy, ask.key()), ask, new Reply<>());
    shard.handle(request);
    return request;
  }

  private Reply<LeaseDecision> renew(String lease, Duration ttl) {
    LeaseToken token = LeaseToken.parse(lease).orElseThrow();
    var reply = new Reply<LeaseDecision>();
    shard.handle(new LeaseMessage.Renew(key(token.policy(), token.key()), token.id(), ttl, reply));
    return reply;
  }

  private Reply<LeaseDecision> release(String lease) {
    LeaseToken token = LeaseToken.parse(lease).orElseThrow();
    var reply = new Reply<LeaseDecision>();
    shard.handle(new LeaseMessage.Release(key(token.policy(), token.key()), token.id(), reply));
    return reply;
  }

  private Reply<LeaseDecision> look(String policy, String key, Long limit) {
    var reply = new Reply<LeaseDecision>();
    shard.handle(new LeaseMessage.Look(key(policy, key), limit, reply));
    return reply;
  }

  private void newPolicies(Map<String, LeasePolicy> policies) {
    shard.handle(new LeaseMessage.NewPolicies(policies));
    shard.tick();
  }

  private LeaseCounts counts() {
    var reply = new Reply<LeaseCounts>();
    shard.handle(new LeaseMessage.GetCounts(reply));
    return reply.stage().toCompletableFuture().join();
  }

  private void advance(Duration by) {
    clock.advance(by);
    shard.tick();
  }

  private static LeaseKey key(String policy, String key) {
    return new LeaseKey(policy, key, Fingerprint.of(SECRET, policy, key));
  }

  private static Granted granted(Reply<LeaseDecision> reply) {
    return assertInstanceOf(Granted.class, decided(reply));
  }

  private static LeaseDecision decided(Reply<LeaseDecision> reply) {
    assertTrue(reply.isDone());
    return reply.stage().toCompletableFuture().join();
  }
}
