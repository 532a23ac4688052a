package dev.sluice.limiter.process.permits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.limiter.process.Policy.WhenEngineFails;
import dev.sluice.limiter.process.permits.LeaseDecision.Granted;
import dev.sluice.limiter.process.permits.LeaseDecision.StoreUnavailable;
import dev.sluice.limiter.store.RedisStores;
import dev.sluice.limiter.store.RefusalSettings;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Instances that share the leases by one real Redis. */
@Timeout(120)
class LeasesOnRedisTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(2), 5, Duration.ofMillis(100));

  private final RedisProcess server =
      RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Leases one = instance();
  private final Leases two = instance();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    server.close();
  }

  @Test
  void aWaiterAtOneInstanceGetsWhatIsReleasedThroughTheOther() throws Exception {
    Granted holder = granted(one.acquire(ask(Duration.ZERO)));
    Reply<LeaseDecision> waiter = two.acquire(ask(MINUTE));
    awaitWaiting(two, 1);

    assertEquals(new LeaseDecision.Released(), one.release(holder.lease()).await());

    Granted next = granted(waiter);
    assertTrue(next.fence() > holder.fence());
    assertEquals(new LeaseDecision.Unknown(), two.renew(holder.lease(), null).await());
    assertInstanceOf(LeaseDecision.Renewed.class, one.renew(next.lease(), null).await());
  }

  @Test
  void neverMoreThanTheLimitAreOutThroughBoth() throws Exception {
    List<Reply<LeaseDecision>> replies = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Leases instance = i % 2 == 0 ? one : two;
      replies.add(
          instance.acquire(
              new LeaseAsk(
                  "k", 1, new LeaseAsk.Under.Limit(30), MINUTE, Duration.ZERO, "holder " + i)));
    }
    int granted = 0;
    for (Reply<LeaseDecision> each : replies) {
      granted += each.await() instanceof Granted ? 1 : 0;
    }
    assertEquals(30, granted);
    var held = assertInstanceOf(LeaseDecision.Held.class, one.look(null, "k", null).await());
    assertEquals(30, held.out());
    assertEquals(30, held.holders().size());
  }

  @Test
  void aLeaseForSomebodyWhoHasGoneIsReleased() throws Exception {
    Granted holder = granted(one.acquire(ask(Duration.ZERO)));
    Reply<LeaseDecision> gone = one.acquire(ask(MINUTE));
    awaitWaiting(one, 1);
    gone.abandon();
    awaitWaiting(one, 0);
    one.release(holder.lease()).await();

    granted(two.acquire(ask(Duration.ZERO)));
  }

  @Test
  void whenRedisDiesThePolicyDecidesAndWhatWasGrantedIsStillOutAfterwards() throws Exception {
    Granted holder = granted(one.acquire(ask(Duration.ZERO)));
    Reply<LeaseDecision> waiter = one.acquire(ask(MINUTE));
    awaitWaiting(one, 1);

    server.kill();

    assertInstanceOf(StoreUnavailable.class, waiter.await());
    assertInstanceOf(StoreUnavailable.class, one.acquire(ask(MINUTE)).await());
    assertInstanceOf(StoreUnavailable.class, one.renew(holder.lease(), null).await());
    assertInstanceOf(StoreUnavailable.class, one.release(holder.lease()).await());
    assertInstanceOf(StoreUnavailable.class, one.look(null, "k", null).await());
    assertInstanceOf(StoreUnavailable.class, one.acquire(ask("closed")).await());
    Granted uncounted = granted(one.acquire(ask("open")));
    assertNull(uncounted.fence());
    assertEquals(0, uncounted.remaining());

    server.restart();
    assertInstanceOf(LeaseDecision.Refused.class, answered(() -> one.acquire(ask(Duration.ZERO))));
    assertInstanceOf(LeaseDecision.Renewed.class, answered(() -> one.renew(holder.lease(), null)));
    assertEquals(new LeaseDecision.Unknown(), answered(() -> one.renew(uncounted.lease(), null)));
    assertNotNull(granted(one.acquire(ask("open"))).fence());
  }

  /** Asks until the engine answers again. */
  private static LeaseDecision answered(java.util.function.Supplier<Reply<LeaseDecision>> ask)
      throws InterruptedException {
    LeaseDecision decision = ask.get().await();
    while (decision instanceof StoreUnavailable) { // bounded by the class's time limit
      decision = ask.get().await();
    }
    return decision;
  }

  private static void awaitWaiting(Leases leases, int waiting) throws InterruptedException {
    long now = -1;
    while (now != waiting) { // bounded by the class's time limit
      now =
          assertInstanceOf(LeaseDecision.Held.class, leases.look(null, "k", null).await())
              .waiting();
    }
  }

  private Leases instance() {
    var stores =
        new RedisStores(
            RedisAddress.of(server.address()), SETTINGS, new RefusalSettings(Duration.ZERO, 1));
    var scope = Scope.open("instance");
    open.add(scope);
    open.add(stores);
    Map<String, LeasePolicy> policies =
        Map.of(
            "open", new LeasePolicy("open", 1, null, null, null, WhenEngineFails.OPEN),
            "closed", new LeasePolicy("closed", 1, null, null, null, WhenEngineFails.CLOSED));
    try {
      return Leases.start(
          scope,
          HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1)),
          new LeaseSettings(
              2,
              1_000,
              10,
              MINUTE,
              Duration.ofMinutes(10),
              Duration.ofHours(1),
              true,
              policies,
              Fingerprint.Secret.random()),
          (_, wake) -> stores.openLeases(Duration.ofMillis(20), wake));
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static LeaseAsk ask(Duration wait) {
    return new LeaseAsk("k", 1, new LeaseAsk.Under.Limit(1), null, wait, null);
  }

  private static LeaseAsk ask(String policy) {
    return new LeaseAsk("k", 1, new LeaseAsk.Under.Policy(policy), null, Duration.ZERO, null);
  }

  private static Granted granted(Reply<LeaseDecision> reply) throws InterruptedException {
    return assertInstanceOf(Granted.class, reply.await());
  }
}
