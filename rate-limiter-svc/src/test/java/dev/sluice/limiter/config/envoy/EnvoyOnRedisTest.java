package dev.sluice.limiter.config.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.limiter.process.envoy.EnvoyDecision;
import dev.sluice.limiter.process.envoy.EnvoyLimiter;
import dev.sluice.limiter.process.envoy.EnvoyRequest;
import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigListener;
import dev.sluice.limiter.store.RedisStores;
import dev.sluice.limiter.store.RefusalSettings;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two instances that decide for Envoy, on a real Redis. */
class EnvoyOnRedisTest {
  private static final String RULES =
      """
      domain: d
      descriptors:
        - {key: many, rate_limit: {unit: year, requests_per_unit: 1000}}
        - {key: few, rate_limit: {unit: year, requests_per_unit: 100}}
      """;
  private static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(2), 5, Duration.ofMillis(50));
  private static final RefusalSettings REFUSALS = new RefusalSettings(Duration.ofMillis(100), 9);
  private static final int CALLERS = 32;

  private final LongAdder passed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder undecided = new LongAdder();

  @Test
  void instancesShareALimit() throws Exception {
    try (var server = RedisProcess.start();
        var one = stores(server);
        var two = stores(server);
        var scope = Scope.open("instances")) {
      List<EnvoyLimiter> instances =
          List.of(start(scope.child("one"), one), start(scope.child("two"), two));
      try (var callers = scope.child("callers")) {
        for (int i = 0; i < CALLERS; i++) {
          EnvoyLimiter instance = instances.get(i % 2);
          callers.start(
              "caller-" + i,
              () -> {
                for (int request = 0; request < 50; request++) {
                  ask(instance, "few", "many");
                }
              });
        }
        callers.join();
      }
      assertEquals(100, passed.sum());
      assertEquals(CALLERS * 50 - 100, refused.sum());
      assertEquals(0, undecided.sum());
      instances.forEach(EnvoyLimiter::close);
    }
  }

  @Test
  void killedUnderLoadItDecidesNothingAndForgetsNothing() throws Exception {
    try (var server = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        var one = stores(server);
        var two = stores(server);
        var scope = Scope.open("instances")) {
      List<EnvoyLimiter> instances =
          List.of(start(scope.child("one"), one), start(scope.child("two"), two));
      try (var callers = scope.child("callers")) {
        for (int i = 0; i < CALLERS; i++) {
          EnvoyLimiter instance = instances.get(i % 2);
          callers.start(
              "caller-" + i,
              () -> {
                while (refused.sum() == 0) {
                  ask(instance, "many");
                }
              });
        }
        Patience.until("many have passed", () -> passed.sum() >= 300);
        server.kill();
        Patience.until("many go undecided", () -> undecided.sum() > 10 * CALLERS);
        server.restart();
        callers.join();
      }
      assertTrue(passed.sum() <= 1000, "passed " + passed);
      assertTrue(passed.sum() + undecided.sum() >= 1000, passed + " and " + undecided);
      instances.forEach(EnvoyLimiter::close);
    }
  }

  @Test
  void whatIsUnderWayWhenItClosesIsAnswered() throws Exception {
    try (var server = RedisProcess.start();
        var stores = stores(server);
        var scope = Scope.open("test")) {
      var processes = scope.child("instance");
      EnvoyLimiter instance = start(processes, stores);
      var request = request("few");
      var replies = IntStream.range(0, 200).mapToObj(_ -> instance.decide(request)).toList();

      instance.close();

      long passing = 0;
      for (var reply : replies) {
        passing += ((EnvoyDecision.Decided) reply.await()).overLimit() ? 0 : 1;
      }
      assertEquals(100, passing);
    }
  }

  private void ask(EnvoyLimiter instance, String... keys) throws InterruptedException {
    switch (instance.decide(request(keys)).await()) {
      case EnvoyDecision.Decided decided -> (decided.overLimit() ? refused : passed).increment();
      case EnvoyDecision.StoreUnavailable _ -> undecided.increment();
      case EnvoyDecision other -> throw new AssertionError(other);
    }
  }

  private static EnvoyRequest request(String... keys) {
    return new EnvoyRequest(
        "d", List.of(keys).stream().map(key -> EnvoyFixture.descriptor(key, "x")).toList(), 1);
  }

  private static RedisStores stores(RedisProcess server) {
    return new RedisStores(RedisAddress.of(server.address()), SETTINGS, REFUSALS);
  }

  private static EnvoyLimiter start(Scope scope, RedisStores stores) throws Exception {
    Rules rules = EnvoyFixture.rules(false, RULES);
    return EnvoyLimiter.start(
        scope,
        HeartbeatMonitor.start(scope, "hearts", Duration.ofSeconds(1)),
        EnvoyFixture.PLAIN,
        () -> rules,
        new Quiet(),
        stores,
        (_, _) -> {});
  }

  private static final class Quiet implements ConfigListener<Rules> {
    @Override
    public void loaded(Rules rules) {}

    @Override
    public void refused(ConfigException wrong) {}
  }
}
