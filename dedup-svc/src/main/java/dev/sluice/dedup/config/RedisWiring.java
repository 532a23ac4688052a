package dev.sluice.dedup.config;

import dev.sluice.dedup.store.RedisStores;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import io.quarkus.runtime.configuration.ConfigurationException;

/** Reads what is configured of Redis. */
final class RedisWiring {
  private RedisWiring() {}

  /**
   * Makes the stores on one Redis.
   *
   * @param engine its address
   */
  static RedisStores stores(String engine, DedupConfig config) {
    return new RedisStores(
        address(engine), settings(config.redis()), config.keys(), StoreWiring.shards(config));
  }

  private static RedisAddress address(String engine) {
    try {
      return RedisAddress.of(engine);
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException(
          "sluice.store: " + wrong.getMessage() + ", or sqlite:FILE, or memory");
    }
  }

  private static RedisSettings settings(DedupConfig.Redis redis) {
    try {
      return new RedisSettings(redis.timeout(), redis.failures(), redis.probeEvery());
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException("sluice.dedup.redis: " + wrong.getMessage());
    }
  }
}
