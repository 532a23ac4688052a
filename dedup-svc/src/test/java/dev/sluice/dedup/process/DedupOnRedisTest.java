package dev.sluice.dedup.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.RedisStores;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.RedisCluster;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two instances share one Redis, each under a secret of its own; 1,000 callers at once ask about
 * one key. A thousand rounds with {@code -Ddeep}, else some dozens.
 */
@NoLeaks
@Timeout(600)
class DedupOnRedisTest {
  private static final int ROUNDS = System.getProperty("deep") == null ? 40 : 1_000;
  private static final int SHARDS = 2;
  private static final int CALLERS = 1_000;
  private static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(10), 5, Duration.ofMillis(100));

  @Test
  void oneOfAThousandIsFirstOnOneServer() throws Exception {
    try (var server = RedisProcess.start()) {
      oneOfAThousandIsFirst(server.address());
    }
  }

  @Test
  void oneOfAThousandIsFirstOnACluster() throws Exception {
    try (var cluster = RedisCluster.start()) {
      oneOfAThousandIsFirst(cluster.address());
    }
  }

  private static void oneOfAThousandIsFirst(String address) throws Exception {
    try (var one = stores(address);
        var two = stores(address);
        var scope = Scope.open("instances")) {
      var monitor = HeartbeatMonitor.start(scope, "heartbeats", Duration.ofSeconds(1));
      List<Deduplicator> instances =
          List.of(
              Deduplicator.start(scope.child("one"), monitor, settings(), one),
              Deduplicator.start(scope.child("two"), monitor, settings(), two));
      for (int round = 0; round < ROUNDS; round++) {
        askAll(instances, "key-" + round);
      }
    }
  }

  private static RedisStores stores(String address) {
    return new RedisStores(RedisAddress.of(address), SETTINGS, KeyForm.HASHED, SHARDS);
  }

  private static DedupSettings settings() {
    return new DedupSettings(SHARDS, 8192, Duration.ofDays(1), Fingerprint.Secret.random());
  }

  private static void askAll(List<Deduplicator> instances, String key)
      throws InterruptedException, ExecutionException {
    var ask = new Ask("orders", key, Duration.ofHours(1), false);
    var callers = new ArrayList<Callable<Decision>>();
    for (int i = 0; i < CALLERS; i++) {
      Deduplicator instance = instances.get(i % instances.size());
      callers.add(() -> {
        Reply<Decision> reply = instance.see(ask);
        return reply.await();
      });
    }
    int firsts = 0;
    Set<Long> places = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Decision> each : threads.invokeAll(callers)) {
        switch (each.get()) {
          case Decision.Sighting(boolean first, long seen, _, _) -> {
            firsts += first ? 1 : 0;
            places.add(seen);
          }
          default -> throw new AssertionError(each.get());
        }
      }
    }
    assertEquals(1, firsts, key);
    assertEquals(CALLERS, places.size(), key + ": each has a place of its own");
  }
}
