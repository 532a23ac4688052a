package dev.sluice.dedup.config;

import dev.sluice.dedup.process.DedupSettings;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.service.life.ServiceLife;
import dev.sluice.store.Fingerprint;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts the service together. */
@Singleton
public class DedupWiring {

  /** Starts the deduplicator's processes. */
  @Produces
  @Singleton
  @Startup
  Deduplicator deduplicator(
      ServiceLife life,
      DedupConfig config,
      SeenStore.Factory stores,
      Fingerprint.Secret secret,
      MeterRegistry registry)
      throws InterruptedException {
    Deduplicator deduplicator =
        Deduplicator.start(
            life.scope(),
            life.monitor(),
            new DedupSettings(StoreWiring.shards(config), config.inbox(), config.maxTtl(), secret),
            stores,
            () -> new DecisionMeters(registry));
    life.onDrain(deduplicator::close);
    return deduplicator;
  }
}
