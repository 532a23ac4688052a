package dev.sluice.dedup.process.claims;

import static dev.sluice.dedup.process.claims.ShardFixture.LEASE;
import static dev.sluice.dedup.process.claims.ShardFixture.TTL;
import static dev.sluice.dedup.process.claims.ShardFixture.replayed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.dedup.process.claims.ClaimDecision.Claimed;
import dev.sluice.dedup.store.claims.MemoryClaimStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class ClaimsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void ofAThousandAtOnceOneHasTheKeyAndAllGetItsResponse() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Claims claims = start(scope, scope);
      var asked = scope.<Reply<ClaimDecision>>channel("asked", 1_000);
      try (var callers = scope.child("callers")) {
        for (int caller = 0; caller < 20; caller++) {
          callers.start(
              "caller-" + caller,
              () -> {
                for (int i = 0; i < 50; i++) {
                  asked.send(claims.claim(ask("k", LEASE, MINUTE)));
                }
              });
        }
        callers.join();
      }
      List<Reply<ClaimDecision>> replies = new ArrayList<>();
      asked.drainTo(replies, 1_000);
      assertEquals(1_000, replies.size());
      Claimed owner = null;
      while (owner == null) { // whoever it is, it is answered
        owner =
            replies.stream()
                .filter(Reply::isDone)
                .map(ClaimsTest::claimed)
                .findFirst()
                .orElse(null);
      }
      Response response = ShardFixture.response("once");
      assertEquals("once", replayed(claims.complete(owner.id(), owner.token(), response).await()));
      int granted = 0;
      for (Reply<ClaimDecision> each : replies) {
        if (each.await() instanceof Claimed) {
          granted++;
        } else {
          assertEquals("once", replayed(each.await()));
        }
      }
      assertEquals(1, granted);
    }
  }

  @Test
  void aThousandOwnersTakeTurns() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Claims claims = start(scope, scope);
      List<Reply<ClaimDecision>> waiting = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        waiting.add(claims.claim(ask("k", LEASE, MINUTE)));
      }
      long fence = 0;
      for (Reply<ClaimDecision> each : waiting) {
        Claimed owner = assertInstanceOf(Claimed.class, each.await());
        assertTrue(owner.fence() > fence, "in their order");
        fence = owner.fence();
        assertEquals(new ClaimDecision.Aborted(), claims.abort(owner.id(), owner.token()).await());
      }
    }
  }

  @Test
  void theKeyOfOneWhoDoesNotComeBackIsFreeAtTheLeasesEnd() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Claims claims = start(scope, scope);
      Claimed dead =
          assertInstanceOf(
              Claimed.class, claims.claim(ask("k", Duration.ofMillis(50), Duration.ZERO)).await());

      Claimed next = assertInstanceOf(Claimed.class, claims.claim(ask("k", LEASE, MINUTE)).await());

      assertTrue(next.fence() > dead.fence());
      assertTrue(next.leaseEnds().isAfter(dead.leaseEnds().plus(LEASE).minusNanos(1)));
      assertEquals(
          new ClaimDecision.Lost(),
          claims.complete(dead.id(), dead.token(), ShardFixture.response("late")).await());
    }
  }

  @Test
  void theOwnerIsToldOfWaitersThatGoAway() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Claims claims = start(scope, scope);
      Claimed owner =
          assertInstanceOf(Claimed.class, claims.claim(ask("k", LEASE, Duration.ZERO)).await());
      Reply<ClaimDecision> gone = claims.claim(ask("k", LEASE, MINUTE));
      Reply<ClaimDecision> staying = claims.claim(ask("k", LEASE, MINUTE));

      gone.abandon();

      long waiting = 0;
      for (var each : claims.counts()) {
        waiting += each.await().waiting();
      }
      assertEquals(1, waiting);
      claims.abort(owner.id(), owner.token());
      assertInstanceOf(Claimed.class, staying.await());
    }
  }

  @Test
  void saysWhatIsNotPossible() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Claims claims = start(scope, scope);
      Duration hour = Duration.ofHours(1);

      assertInvalid("lease", () -> claims.claim(ask("k", hour.plusNanos(1), Duration.ZERO)));
      assertInvalid("lease", () -> claims.claim(ask("k", Duration.ofNanos(1), Duration.ZERO)));
      assertInvalid("wait", () -> claims.claim(ask("k", LEASE, hour.plusNanos(1))));
      assertInvalid("wait", () -> claims.claim(ask("k", LEASE, hour.negated())));
      assertInvalid(
          "ttl",
          () ->
              claims.claim(new ClaimAsk("n", "k", hour, hour.minusNanos(1), null, Duration.ZERO)));
      assertInvalid(
          "ttl",
          () ->
              claims.claim(
                  new ClaimAsk("n", "k", LEASE, Duration.ofDays(31), null, Duration.ZERO)));
      assertInvalid("lease", () -> claims.renew("x", "y", Duration.ZERO));
      assertEquals(new ClaimDecision.Unknown(), claims.abort("x", "y").await());
      Claimed owner =
          assertInstanceOf(Claimed.class, claims.claim(ask("k", LEASE, Duration.ZERO)).await());
      assertEquals(new ClaimDecision.Lost(), claims.abort(owner.id(), "y").await());
    }
  }

  @Test
  void whenItClosesOwnersMayStillEndTheirClaims() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      try (var processes = scope.child("processes")) {
        Claims claims = start(processes, scope);
        Claimed owner =
            assertInstanceOf(Claimed.class, claims.claim(ask("k", LEASE, Duration.ZERO)).await());
        Reply<ClaimDecision> waiter = claims.claim(ask("k", LEASE, MINUTE));

        claims.close();

        assertEquals(new ClaimDecision.Draining(), waiter.await());
        assertEquals(new ClaimDecision.Draining(), claims.claim(ask("l", LEASE, MINUTE)).await());
        assertInstanceOf(
            ClaimDecision.Renewed.class, claims.renew(owner.id(), owner.token(), LEASE).await());
        assertEquals(
            "done",
            replayed(
                claims.complete(owner.id(), owner.token(), ShardFixture.response("done")).await()));
        processes.join();
        assertThrows(ChannelClosedException.class, () -> claims.abort(owner.id(), owner.token()));
      }
    }
  }

  private static void assertInvalid(String field, Runnable ask) {
    var invalid = assertThrows(ClaimAsk.Invalid.class, ask::run);
    assertEquals(field, invalid.field());
  }

  private static Claimed claimed(Reply<ClaimDecision> reply) {
    return reply.stage().toCompletableFuture().join() instanceof Claimed claimed ? claimed : null;
  }

  private static ClaimAsk ask(String key, Duration lease, Duration maxWait) {
    return new ClaimAsk("payments", key, lease, TTL, null, maxWait);
  }

  private static Claims start(Scope scope, Scope monitored) throws InterruptedException {
    return Claims.start(
        scope,
        HeartbeatMonitor.start(monitored, "heartbeats", Duration.ofMillis(100)),
        ShardFixture.settings(1_000),
        (_, _) -> new MemoryClaimStore(1_000, 1_000_000));
  }
}
