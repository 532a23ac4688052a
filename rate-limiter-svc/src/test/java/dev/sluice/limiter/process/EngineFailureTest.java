package dev.sluice.limiter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.limiter.process.Decision.Why;
import dev.sluice.limiter.store.RedisStores;
import dev.sluice.limiter.store.RefusalSettings;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two instances of the limiter on a real Redis that is killed while many ask, and comes back: who
 * asks meanwhile gets what the policy says, and nobody ever gets a permit too many.
 */
@NoLeaks
class EngineFailureTest {
  private static final int PERMITS = 3_000;
  private static final int CALLERS = 32;
  private static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(2), 5, Duration.ofMillis(50));
  private static final RefusalSettings REFUSALS = new RefusalSettings(Duration.ofMillis(100), 9);

  private final LongAdder counted = new LongAdder();
  private final LongAdder uncounted = new LongAdder();

  @Test
  void failsClosed() throws Exception {
    killedUnderLoad(Policy.WhenEngineFails.CLOSED);
  }

  @Test
  void failsOpen() throws Exception {
    killedUnderLoad(Policy.WhenEngineFails.OPEN);
  }

  private void killedUnderLoad(Policy.WhenEngineFails choice) throws Exception {
    try (var server = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        var one = stores(server);
        var two = stores(server);
        var scope = Scope.open("instances")) {
      List<Limiter> limiters =
          List.of(start(scope.child("one"), one, choice), start(scope.child("two"), two, choice));
      try (var callers = scope.child("callers")) {
        for (int i = 0; i < CALLERS; i++) {
          Limiter limiter = limiters.get(i % limiters.size());
          callers.start("caller-" + i, () -> askUntilRefused(limiter, choice));
        }
        for (int kill = 1; kill <= 2; kill++) {
          int some = PERMITS * kill / 4;
          Patience.until(some + " permits are granted", () -> counted.sum() >= some);
          server.kill();
          long before = uncounted.sum();
          Patience.until("the policy has its say", () -> uncounted.sum() > before + CALLERS);
          server.restart();
        }
        callers.join();
      }

      assertTrue(counted.sum() <= PERMITS, "granted " + counted);
      // What was under way when it died may have been taken; nothing else has.
      assertTrue(counted.sum() + uncounted.sum() >= PERMITS, counted + " and " + uncounted);
      limiters.forEach(Limiter::close);
    }
  }

  /** Nothing but a permit, the policy's choice, and in the end a refusal. */
  private void askUntilRefused(Limiter limiter, Policy.WhenEngineFails choice)
      throws InterruptedException {
    var ask = new Ask("k", 1, new Ask.Under.Policy("p"));
    while (true) {
      switch (limiter.acquire(ask).await()) {
        case Decision.Granted granted when granted.why() == Why.COUNTED -> counted.increment();
        case Decision.Granted granted -> {
          assertEquals(Why.FAIL_OPEN, granted.why());
          assertEquals(Policy.WhenEngineFails.OPEN, choice);
          uncounted.increment();
        }
        case Decision.StoreUnavailable _ -> {
          assertEquals(Policy.WhenEngineFails.CLOSED, choice);
          uncounted.increment();
        }
        case Decision.Refused _ -> {
          return;
        }
        case Decision other -> throw new AssertionError(other);
      }
    }
  }

  @Test
  void thoseInLineWhenItDiesAreAnswered() throws Exception {
    try (var server = RedisProcess.start();
        var stores = stores(server);
        var scope = Scope.open("instance")) {
      Limiter limiter = start(scope, stores, Policy.WhenEngineFails.OPEN);
      var slow = new Ask.Under.Inline(Terms.tokenBucket(1, Duration.ofMillis(500), 1));
      assertInstanceOf(Decision.Granted.class, limiter.acquire(new Ask("k", 1, slow)).await());
      var waiters =
          Stream.generate(() -> limiter.acquire(new Ask("k", 1, slow, Duration.ofSeconds(10))))
              .limit(10)
              .toList();
      assertInstanceOf(Decision.Balance.class, limiter.peek(new Ask("k", 1, slow)).await());

      server.kill();

      var decisions = new ArrayList<Decision>();
      for (var waiter : waiters) {
        decisions.add(waiter.await());
      }
      assertInstanceOf(Decision.StoreUnavailable.class, decisions.getLast());
      assertTrue(
          decisions.stream()
              .allMatch(each ->
                  each instanceof Decision.Granted || each instanceof Decision.StoreUnavailable),
          () -> "said " + decisions);
      limiter.close();
    }
  }

  private static RedisStores stores(RedisProcess server) {
    return new RedisStores(RedisAddress.of(server.address()), SETTINGS, REFUSALS);
  }

  private static Limiter start(Scope scope, RedisStores stores, Policy.WhenEngineFails choice)
      throws InterruptedException {
    var policy =
        new Policy(
            "p",
            Terms.tokenBucket(PERMITS, Duration.ofDays(300), PERMITS),
            null,
            false,
            null,
            choice);
    return Limiter.start(
        scope,
        HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1)),
        new LimiterSettings(
            2,
            1_024,
            100,
            Duration.ofSeconds(10),
            true,
            Policies.of(List.of(policy)),
            Fingerprint.Secret.random()),
        stores);
  }
}
