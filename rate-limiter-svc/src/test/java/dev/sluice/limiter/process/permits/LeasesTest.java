package dev.sluice.limiter.process.permits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.Policy.WhenEngineFails;
import dev.sluice.limiter.process.permits.LeaseDecision.Granted;
import dev.sluice.limiter.store.MemoryLeaseStore;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@NoLeaks
class LeasesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final LeaseAsk.Under ONE = new LeaseAsk.Under.Limit(1);

  @Test
  void ofTwoThousandAtOnceExactlyAsManyAsTheLimitGetALease() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Leases leases = start(scope, scope, true);
      var asked = scope.<Reply<LeaseDecision>>channel("asked", 2_000);
      try (var callers = scope.child("callers")) {
        for (int caller = 0; caller < 20; caller++) {
          callers.start(
              "caller-" + caller,
              () -> {
                for (int i = 0; i < 100; i++) {
                  asked.send(leases.acquire(ask(new LeaseAsk.Under.Limit(100), Duration.ZERO)));
                }
              });
        }
        callers.join();
      }
      List<Reply<LeaseDecision>> replies = new ArrayList<>();
      asked.drainTo(replies, 2_000);
      int granted = 0;
      for (Reply<LeaseDecision> reply : replies) {
        granted += reply.await() instanceof Granted ? 1 : 0;
      }
      assertEquals(2_000, replies.size());
      assertEquals(100, granted);
    }
  }

  @Test
  void aThousandHoldersTakeTurns() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Leases leases = start(scope, scope, true);
      List<Reply<LeaseDecision>> waiting = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        waiting.add(leases.acquire(ask(ONE, SECOND.multipliedBy(60))));
      }
      long fence = 0;
      for (Reply<LeaseDecision> each : waiting) {
        Granted granted = assertInstanceOf(Granted.class, each.await());
        assertTrue(granted.fence() > fence, "in their order");
        fence = granted.fence();
        assertEquals(new LeaseDecision.Released(), leases.release(granted.lease()).await());
      }
    }
  }

  @Test
  void saysWhatIsWrongWithARequest() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Leases leases = start(scope, scope, false);

      assertInvalid("limit is 1, this service takes policies only", leases, ONE, null, SECOND);
      var policy = new LeaseAsk.Under.Policy("two");
      assertInvalid(
          "ttl is PT1H0.001S, must be from 1ms to 3600000ms",
          leases,
          policy,
          Duration.ofHours(1).plusMillis(1),
          SECOND);
      assertInvalid(
          "ttl is PT0.000999999S, must be from 1ms to 3600000ms",
          leases,
          policy,
          Duration.ofNanos(999_999),
          SECOND);
      assertInvalid(
          "wait is PT1M0.001S, must be at most 60000ms",
          leases,
          policy,
          null,
          Duration.ofMillis(60_001));
      assertInvalid(
          "wait is PT-1S, must be at most 60000ms", leases, policy, null, SECOND.negated());
      assertThrows(Invalid.class, () -> leases.renew("x", Duration.ofDays(1)));
      assertEquals(new LeaseDecision.Unknown(), leases.renew("x", SECOND).await());
      assertEquals(new LeaseDecision.Unknown(), leases.release("").await());
    }
  }

  @Test
  void replacesThePoliciesOfAllShards() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Leases leases = start(scope, scope, false);
      assertTrue(
          leases.enforce(
              Map.of(
                  "three", new LeasePolicy("three", 3, null, null, null, WhenEngineFails.CLOSED))));

      for (int i = 0; i < 20; i++) { // keys of both shards
        var ask =
            new LeaseAsk("k" + i, 3, new LeaseAsk.Under.Policy("three"), null, Duration.ZERO, null);
        assertInstanceOf(Granted.class, leases.acquire(ask).await());
      }
      assertInstanceOf(
          LeaseDecision.NotPossible.class,
          leases.acquire(ask(new LeaseAsk.Under.Policy("two"), Duration.ZERO)).await());
      long granted = 0;
      for (var each : leases.counts()) {
        granted += each.await().granted();
      }
      assertEquals(20, granted);
    }
  }

  @Test
  void theOwnerIsToldOfWaitersThatGoAway() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      Leases leases = start(scope, scope, true);
      Granted holder =
          assertInstanceOf(Granted.class, leases.acquire(ask(ONE, Duration.ZERO)).await());
      Reply<LeaseDecision> gone = leases.acquire(ask(ONE, SECOND.multipliedBy(60)));
      Reply<LeaseDecision> staying = leases.acquire(ask(ONE, SECOND.multipliedBy(60)));

      gone.abandon();

      var held = assertInstanceOf(LeaseDecision.Held.class, leases.look(null, "k", null).await());
      assertEquals(1, held.waiting());
      leases.release(holder.lease());
      assertInstanceOf(Granted.class, staying.await());
    }
  }

  @Test
  void afterCloseWaitersAreAnsweredAndNewcomersTurnedAway() throws InterruptedException {
    try (var scope = Scope.open("test")) {
      var processes = scope.child("processes");
      Leases leases = start(scope, processes, true);
      var ask = new LeaseAsk("k", 1, ONE, Duration.ofMillis(50), SECOND.multipliedBy(60), null);
      assertInstanceOf(Granted.class, leases.acquire(ask).await());
      Reply<LeaseDecision> waiter = leases.acquire(ask);
      Reply<LeaseDecision> impatient = leases.acquire(ask(ONE, Duration.ofMillis(1)));

      leases.close();

      assertThrows(ChannelClosedException.class, () -> leases.acquire(ask));
      assertInstanceOf(Granted.class, waiter.await());
      assertInstanceOf(LeaseDecision.Refused.class, impatient.await());
      processes.join();
    }
  }

  private static void assertInvalid(
      String message, Leases leases, LeaseAsk.Under under, Duration ttl, Duration wait) {
    var ask = new LeaseAsk("k", 1, under, ttl, wait, null);
    assertEquals(message, assertThrows(Invalid.class, () -> leases.acquire(ask)).getMessage());
  }

  private static Leases start(Scope scope, Scope processes, boolean inline)
      throws InterruptedException {
    HeartbeatMonitor monitor = HeartbeatMonitor.start(scope, "heartbeats", SECOND);
    return Leases.start(
        processes,
        monitor,
        new LeaseSettings(
            2,
            4_096,
            1_000,
            SECOND.multipliedBy(60),
            SECOND.multipliedBy(600),
            Duration.ofHours(1),
            inline,
            Map.of("two", new LeasePolicy("two", 2, null, null, null, WhenEngineFails.CLOSED)),
            Fingerprint.Secret.random()),
        (_, _) -> new MemoryLeaseStore(100));
  }

  private static LeaseAsk ask(LeaseAsk.Under under, Duration wait) {
    return new LeaseAsk("k", 1, under, null, wait, null);
  }
}
