package dev.sluice.dedup.config;

import dev.sluice.dedup.store.MemorySeenStore;
import dev.sluice.dedup.store.RedisStores;
import dev.sluice.dedup.store.SeenStore;
import dev.sluice.dedup.store.sqlite.SqliteEngine;
import dev.sluice.store.Fingerprint;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses the engine that {@code sluice.store} names. */
@Singleton
public class StoreWiring {
  static final String MEMORY = "memory";

  /**
   * One shard decides more than these can read and answer, and the fewer there are, the less often
   * is one woken.
   */
  private static final int PROCESSORS_PER_SHARD = 4;

  /** Where the shards keep the keys they have seen. */
  @Produces
  @Singleton
  SeenStore.Factory seenStores(
      DedupConfig config,
      SqliteStore sqlite,
      @ConfigProperty(name = "sluice.store", defaultValue = MEMORY) String store) {
    if (sqlite.engine().isPresent()) {
      return sqlite.engine().get().seenStores();
    }
    if (!store.equals(MEMORY)) {
      return RedisWiring.stores(store, config);
    }
    int shards = shards(config);
    return (shard, _) ->
        new MemorySeenStore(
            (int) share(config.maxEntries(), shard, shards), config.keys(), config.whenFull());
  }

  /** Ends the connections, when the shards have ended. */
  void close(@Disposes SeenStore.Factory stores) {
    if (stores instanceof RedisStores redis) {
      redis.close();
    }
  }

  /** What the fingerprints of keys depend on: kept where the keys are. */
  @Produces
  @Singleton
  Fingerprint.Secret secret(SqliteStore sqlite) {
    return sqlite.engine().map(SqliteEngine::secret).orElseGet(Fingerprint.Secret::random);
  }

  /** How many processes share the keys; each keeps one entry at least. */
  static int shards(DedupConfig config) {
    return shards(config.shards(), config.maxEntries());
  }

  /**
   * How many processes share some keys; each keeps one entry at least.
   *
   * @param set how many there are to be, if that is set
   * @param maxEntries how many keys they keep together
   */
  public static int shards(OptionalInt set, int maxEntries) {
    int usual = Math.ceilDiv(Runtime.getRuntime().availableProcessors(), PROCESSORS_PER_SHARD);
    return Math.min(set.orElse(usual), maxEntries);
  }

  /** An even part of the whole; the parts add up to it exactly. */
  public static long share(long whole, int part, int parts) {
    return whole / parts + (part < whole % parts ? 1 : 0);
  }
}
