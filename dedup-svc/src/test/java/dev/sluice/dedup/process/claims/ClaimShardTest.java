package dev.sluice.dedup.process.claims;

import static dev.sluice.dedup.process.claims.ShardFixture.LEASE;
import static dev.sluice.dedup.process.claims.ShardFixture.TTL;
import static dev.sluice.dedup.process.claims.ShardFixture.claimed;
import static dev.sluice.dedup.process.claims.ShardFixture.decided;
import static dev.sluice.dedup.process.claims.ShardFixture.replayed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Reply;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.dedup.process.claims.ClaimDecision.Claimed;
import dev.sluice.dedup.process.claims.ClaimDecision.InProgress;
import dev.sluice.dedup.process.claims.ClaimMessage.Abandoned;
import dev.sluice.dedup.process.claims.ClaimMessage.Request;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ClaimShardTest {
  private static final Duration NOT = Duration.ZERO;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration NANO = Duration.ofNanos(1);

  private final ShardFixture shard = new ShardFixture(6, 3);

  @Test
  void theFirstHasTheKeyAndTheOthersAreToldUntilWhen() {
    Claimed first = claimed(shard.claim("k", NOT));
    assertEquals(VirtualClock.EPOCH.plus(LEASE), first.leaseEnds());
    assertEquals(VirtualClock.EPOCH.plus(TTL), first.expiresAt());
    shard.advance(Duration.ofSeconds(10));

    assertEquals(new InProgress(Duration.ofSeconds(20)), decided(shard.claim("k", NOT)));
    Claimed other = claimed(shard.claim("other", NOT));
    assertNotEquals(first.token(), other.token());
    assertTrue(other.fence() > first.fence());
  }

  @Test
  void allWhoWaitGetTheResponseAndThoseWhoComeLaterToo() {
    Claimed owner = claimed(shard.claim("k", NOT));
    Request one = shard.claim("k", MINUTE);
    Request two = shard.claim("k", MINUTE);
    Request three = shard.claim("k", MINUTE);
    assertEquals(3, shard.counts().waiting());

    assertEquals("paid", replayed(shard.complete("k", owner.token(), "paid")));
    shard.shard.tick();

    assertEquals("paid", replayed(one));
    assertEquals("paid", replayed(two));
    assertEquals("paid", replayed(three));
    assertEquals("paid", replayed(shard.claim("k", NOT)));
    assertEquals("paid", replayed(shard.claim("k", MINUTE)));
    assertTrue(shard.shard.isIdle());
  }

  @Test
  void whoWaitsIsGivenTheResponseOfItsOwnRequestOnly() {
    Claimed owner = claimed(shard.claim("k", LEASE, null, NOT));
    Request a = shard.claim("k", LEASE, "a", MINUTE);
    Request b = shard.claim("k", LEASE, "b", MINUTE);
    Request any = shard.claim("k", LEASE, null, MINUTE);

    shard.abort("k", owner.token());
    shard.shard.tick(); // a has it now
    shard.complete("k", claimed(a).token(), "a's");
    shard.shard.tick();

    assertEquals(new ClaimDecision.Mismatch(), decided(b));
    assertEquals("a's", replayed(any));
  }

  @Test
  void anAbortedKeyGoesToTheFirstAndTheOthersWaitOn() {
    Claimed owner = claimed(shard.claim("k", NOT));
    Request one = shard.claim("k", MINUTE);
    Request two = shard.claim("k", MINUTE);

    assertEquals(new ClaimDecision.Aborted(), shard.abort("k", owner.token()));
    shard.shard.tick();

    Claimed next = claimed(one);
    assertTrue(next.fence() > owner.fence());
    assertFalse(two.reply().isDone());
    shard.complete("k", next.token(), "done");
    shard.shard.tick();
    assertEquals("done", replayed(two));
  }

  @Test
  void aLeaseEndsAtItsInstantAndTheFirstOfTheLineHasTheKey() {
    Claimed owner = claimed(shard.claim("k", NOT));
    Request waiter = shard.claim("k", MINUTE);

    shard.advance(LEASE.minus(NANO));
    assertFalse(waiter.reply().isDone());
    shard.advance(NANO);

    Claimed next = claimed(waiter);
    assertEquals(VirtualClock.EPOCH.plus(LEASE.multipliedBy(2)), next.leaseEnds());
    assertEquals(new ClaimDecision.Lost(), shard.complete("k", owner.token(), "late"));
    assertEquals(new ClaimDecision.Lost(), shard.renew("k", owner.token(), LEASE));
    assertEquals(new ClaimDecision.Lost(), shard.abort("k", owner.token()));
    assertEquals("in time", replayed(shard.complete("k", next.token(), "in time")));
  }

  @Test
  void anOwnerWhoseLeaseHasEndedIsLateAlsoWhenNobodyHasCome() {
    Claimed owner = claimed(shard.claim("k", NOT));
    shard.advance(LEASE);
    assertEquals(new ClaimDecision.Lost(), shard.complete("k", owner.token(), "late"));
    claimed(shard.claim("k", NOT));
  }

  @Test
  void aRenewedClaimKeepsTheLineWaiting() {
    Claimed owner = claimed(shard.claim("k", NOT));
    Request waiter = shard.claim("k", MINUTE.multipliedBy(5));
    shard.advance(LEASE.minus(NANO));
    var renewed =
        assertInstanceOf(ClaimDecision.Renewed.class, shard.renew("k", owner.token(), LEASE));
    assertEquals(VirtualClock.EPOCH.plus(LEASE.multipliedBy(2)).minus(NANO), renewed.leaseEnds());
    assertEquals(owner.fence(), renewed.fence());
    shard.advance(LEASE.minus(NANO));
    assertFalse(waiter.reply().isDone());

    shard.renew("k", owner.token(), Duration.ofSeconds(2));
    shard.advance(Duration.ofSeconds(2).minus(NANO));
    assertFalse(waiter.reply().isDone());
    shard.advance(NANO);
    claimed(waiter);
  }

  @Test
  void whoseWaitEndsIsToldThatItIsInProgress() {
    claimed(shard.claim("k", NOT));
    Request patient = shard.claim("k", SECOND.multipliedBy(2));
    Request hasty = shard.claim("k", SECOND);

    shard.advance(SECOND.minus(NANO));
    assertFalse(hasty.reply().isDone());
    shard.advance(NANO);
    assertEquals(new InProgress(Duration.ofSeconds(29)), decided(hasty));
    assertFalse(patient.reply().isDone());
    shard.advance(SECOND);
    assertEquals(new InProgress(Duration.ofSeconds(28)), decided(patient));
    assertTrue(shard.shard.isIdle());
  }

  @Test
  void theLineIsBounded() {
    claimed(shard.claim("k", NOT));
    for (int i = 0; i < 3; i++) {
      assertFalse(shard.claim("k", MINUTE).reply().isDone());
    }
    assertEquals(new InProgress(LEASE), decided(shard.claim("k", MINUTE)));
  }

  @Test
  void anotherRequestIsToldSoAtOnce() {
    Claimed owner = claimed(shard.claim("k", LEASE, "a", NOT));
    assertEquals(new ClaimDecision.Mismatch(), decided(shard.claim("k", LEASE, "b", MINUTE)));
    shard.complete("k", owner.token(), "done");
    assertEquals(new ClaimDecision.Mismatch(), decided(shard.claim("k", LEASE, "b", NOT)));
    assertEquals("done", replayed(shard.claim("k", LEASE, "a", NOT)));
  }

  @Test
  void whoGoesAwayLeavesTheLine() {
    Claimed owner = claimed(shard.claim("k", NOT));
    Request gone = shard.claim("k", MINUTE);
    Request staying = shard.claim("k", MINUTE);
    gone.reply().abandon();
    shard.shard.handle(new Abandoned(gone));
    assertEquals(1, shard.counts().waiting());

    shard.abort("k", owner.token());
    shard.shard.tick();

    claimed(staying);
  }

  @Test
  void aClaimThatIsGrantedToOneWhoHasGoneGoesToTheNext() {
    Claimed owner = claimed(shard.claim("k", NOT));
    Request gone = shard.claim("k", MINUTE);
    Request staying = shard.claim("k", MINUTE);
    gone.reply().abandon(); // and nobody has told the shard

    shard.abort("k", owner.token());
    shard.shard.tick();

    claimed(staying);
    assertEquals(2, shard.counts().claimed());
  }

  @Test
  void whoHasGoneBeforeItsTurnClaimsNothing() {
    var request = shard.claim("other", NOT);
    var gone = new Request(ShardFixture.key("k"), request.ask(), new Reply<>());
    gone.reply().abandon();
    shard.shard.handle(gone);
    claimed(shard.claim("k", NOT));
  }

  @Test
  void aFullStoreRefusesAndTheLineOfAnotherKeyIsServed() {
    for (int i = 0; i < 6; i++) {
      claimed(shard.claim("k" + i, NOT));
    }
    assertEquals(
        new ClaimDecision.StoreFull("all 6 claims of this shard are in use", LEASE),
        decided(shard.claim("k6", NOT)));
    Request waiter = shard.claim("k0", MINUTE);
    shard.advance(LEASE);
    claimed(waiter);
    claimed(shard.claim("k6", NOT));
  }

  @Test
  void countsWhatItAnswers() {
    Claimed owner = claimed(shard.claim("k", LEASE, "a", NOT));
    shard.claim("k", NOT);
    shard.claim("k", LEASE, "b", NOT);
    shard.claim("k", MINUTE);
    shard.complete("k", owner.token(), "12345");
    shard.shard.tick();
    shard.complete("k", owner.token(), "other");
    Claimed other = claimed(shard.claim("l", NOT));
    shard.abort("l", other.token());

    assertEquals(
        new ClaimCounts(0, 2, 1, 1, 1, 1, 1, 1, OptionalLong.of(1), OptionalLong.of(5 + 8 + 11)),
        shard.counts());
  }

  @Test
  void toldToStopItSendsAwayWhoWaitsAndLetsOwnersEndTheirClaims() {
    Claimed one = claimed(shard.claim("one", NOT));
    Claimed two = claimed(shard.claim("two", NOT));
    Request waiter = shard.claim("one", MINUTE);

    shard.stop();

    assertEquals(new ClaimDecision.Draining(), decided(waiter));
    assertEquals(new ClaimDecision.Draining(), decided(shard.claim("three", NOT)));
    assertFalse(shard.done.isDone());
    assertInstanceOf(ClaimDecision.Renewed.class, shard.renew("one", one.token(), LEASE));
    assertEquals("paid", replayed(shard.complete("one", one.token(), "paid")));
    shard.shard.tick();
    assertFalse(shard.done.isDone());
    shard.abort("two", two.token());
    shard.shard.tick();
    assertTrue(shard.done.isDone());
    assertTrue(shard.shard.isIdle());
  }

  @Test
  void toldToStopItDoesNotWaitForOwnersForEver() {
    claimed(shard.claim("k", NOT));
    shard.stop();
    shard.advance(Duration.ofSeconds(10).minus(NANO));
    assertFalse(shard.done.isDone());
    shard.advance(NANO);
    assertTrue(shard.done.isDone());
  }
}
