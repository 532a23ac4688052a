package dev.sluice.limiter.config.permits;

import dev.sluice.limiter.config.LimiterConfig;
import dev.sluice.limiter.config.LimiterWiring;
import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.permits.LeaseSettings;
import dev.sluice.limiter.process.permits.Leases;
import dev.sluice.limiter.process.policies.NamedPolicies;
import dev.sluice.limiter.store.LeaseStore;
import dev.sluice.limiter.store.LimitStore;
import dev.sluice.limiter.store.MemoryLeaseStore;
import dev.sluice.limiter.store.RedisStores;
import dev.sluice.service.life.ServiceLife;
import dev.sluice.store.Fingerprint;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts concurrency limits together. */
@Singleton
public class PermitsWiring {
  private static final String PREFIX = "sluice.limiter.permits.";

  /**
   * Starts their processes.
   *
   * @param engine the rates' stores, whose engine keeps the leases too
   */
  @Produces
  @Singleton
  @Startup
  Leases leases(
      ServiceLife life,
      LimiterConfig limiter,
      PermitsConfig config,
      NamedPolicies policies,
      LimitStore.Factory engine)
      throws InterruptedException {
    int shards = LimiterWiring.shards(limiter);
    Leases leases =
        Leases.start(
            life.scope(),
            life.monitor(),
            settings(shards, limiter, config, policies),
            stores(shards, config, engine));
    life.onDrain(leases::close);
    return leases;
  }

  private static LeaseSettings settings(
      int shards, LimiterConfig limiter, PermitsConfig config, NamedPolicies policies) {
    try {
      return new LeaseSettings(
          shards,
          limiter.inbox(),
          config.maxWaiters(),
          config.maxWait(),
          config.defaultTtl(),
          config.maxTtl(),
          limiter.inline(),
          policies.permits(),
          Fingerprint.Secret.random());
    } catch (Invalid wrong) {
      throw new ConfigurationException(PREFIX + wrong.getMessage());
    }
  }

  private static LeaseStore.Factory stores(
      int shards, PermitsConfig config, LimitStore.Factory engine) {
    if (engine instanceof RedisStores redis) {
      return (_, wake) -> redis.openLeases(config.lookAgain(), wake);
    }
    int leasesPerShard = Math.ceilDiv(config.maxLeases(), shards);
    return (_, _) -> new MemoryLeaseStore(leasesPerShard);
  }
}
