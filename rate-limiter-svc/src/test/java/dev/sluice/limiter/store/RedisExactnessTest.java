package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.limiter.process.Ask;
import dev.sluice.limiter.process.Decision;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.LimiterSettings;
import dev.sluice.limiter.process.Policies;
import dev.sluice.limiter.process.Terms;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.RedisCluster;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Three instances of the limiter share one Redis; 2,000 callers at once want a permit each of a
 * hundred. A hundred rounds with {@code -Ddeep}, else a few.
 */
class RedisExactnessTest {
  private static final int ROUNDS = System.getProperty("deep") == null ? 5 : 100;
  private static final int INSTANCES = 3;
  private static final int CALLERS = 2_000;
  private static final int PERMITS = 100;
  private static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(10), 5, Duration.ofMillis(100));
  private static final RefusalSettings REFUSALS = new RefusalSettings(Duration.ofMillis(100), 1000);

  @Test
  void exactlyAsManyAsTheBucketHoldsAreGrantedOnOneServer() throws Exception {
    try (var server = RedisProcess.start()) {
      exactlyAsManyAsTheBucketHolds(server.address());
    }
  }

  @Test
  void exactlyAsManyAsTheBucketHoldsAreGrantedOnACluster() throws Exception {
    try (var cluster = RedisCluster.start()) {
      exactlyAsManyAsTheBucketHolds(cluster.address());
    }
  }

  private static void exactlyAsManyAsTheBucketHolds(String address) throws Exception {
    var stores = new ArrayList<RedisStores>();
    try (var scope = Scope.open("instances")) {
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
      var limiters = new ArrayList<Limiter>();
      for (int i = 0; i < INSTANCES; i++) {
        var made = new RedisStores(RedisAddress.of(address), SETTINGS, REFUSALS);
        stores.add(made);
        limiters.add(Limiter.start(scope.child("instance-" + i), monitor, settings(), made));
      }
      for (int round = 0; round < ROUNDS; round++) {
        assertEquals(PERMITS, granted(limiters, "key-" + round), "round " + round);
      }
    } finally {
      stores.forEach(RedisStores::close);
    }
  }

  private static LimiterSettings settings() {
    return new LimiterSettings(
        2, 8192, 10, Duration.ZERO, true, Policies.of(List.of()), Fingerprint.Secret.random());
  }

  private static long granted(List<Limiter> limiters, String key)
      throws InterruptedException, ExecutionException {
    var terms = Terms.tokenBucket(PERMITS, Duration.ofDays(300), PERMITS);
    var ask = new Ask(key, 1, new Ask.Under.Inline(terms));
    var callers = new ArrayList<Callable<Decision>>();
    for (int i = 0; i < CALLERS; i++) {
      Limiter limiter = limiters.get(i % INSTANCES);
      callers.add(() -> {
        Reply<Decision> reply = limiter.acquire(ask);
        return reply.await();
      });
    }
    long granted = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Decision> each : threads.invokeAll(callers)) {
        switch (each.get()) {
          case Decision.Granted _ -> granted++;
          case Decision.Refused _ -> {}
          default -> throw new AssertionError(each.get());
        }
      }
    }
    return granted;
  }
}
