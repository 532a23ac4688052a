package dev.sluice.limiter.config;

import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.LimiterSettings;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Terms;
import dev.sluice.limiter.store.Fingerprint;
import dev.sluice.limiter.store.MemoryLimitStore;
import dev.sluice.service.life.ServiceLife;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/** Puts the service together. */
@Singleton
public class LimiterWiring {

  /** Starts the limiter's processes. */
  @Produces
  @Singleton
  @Startup
  Limiter limiter(ServiceLife life, LimiterConfig config) throws InterruptedException {
    int shards = config.shards().orElseGet(() -> Runtime.getRuntime().availableProcessors());
    var settings =
        new LimiterSettings(
            shards,
            config.inbox(),
            config.maxWaiters(),
            config.maxWait(),
            config.inline(),
            policies(config.policies()),
            Fingerprint.Secret.random());
    int keysPerShard = Math.ceilDiv(config.maxKeys(), shards);
    Limiter limiter =
        Limiter.start(
            life.scope(), life.monitor(), settings, (_, _) -> new MemoryLimitStore(keysPerShard));
    life.onDrain(limiter::close);
    return limiter;
  }

  private static Map<String, Policy> policies(Map<String, LimiterConfig.Policy> configured) {
    Map<String, Policy> policies = new HashMap<>();
    configured.forEach((name, policy) -> policies.put(name, policy(name, policy)));
    return policies;
  }

  private static Policy policy(String name, LimiterConfig.Policy policy) {
    try {
      return Policy.of(
          name,
          Terms.tokenBucket(policy.rate(), policy.per(), policy.burst().orElse(policy.rate())));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "sluice.limiter.policies." + name + ": " + wrong.getMessage(), wrong);
    }
  }
}
