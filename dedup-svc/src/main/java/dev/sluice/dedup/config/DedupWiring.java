package dev.sluice.dedup.config;

import dev.sluice.dedup.process.DedupSettings;
import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.service.life.ServiceLife;
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
  Deduplicator deduplicator(ServiceLife life, DedupConfig config) throws InterruptedException {
    int shards =
        Math.min(
            config.shards().orElseGet(() -> Runtime.getRuntime().availableProcessors()),
            config.maxEntries()); // each keeps one entry at least
    Deduplicator deduplicator =
        Deduplicator.start(
            life.scope(),
            life.monitor(),
            new DedupSettings(shards, config.inbox(), config.maxTtl()),
            shard -> new MemorySeenStore(share(config.maxEntries(), shard, shards)));
    life.onDrain(deduplicator::close);
    return deduplicator;
  }

  /** An even part of the whole; the parts add up to it exactly. */
  private static int share(int whole, int part, int parts) {
    return whole / parts + (part < whole % parts ? 1 : 0);
  }
}
