package dev.sluice.limiter.config;

import dev.sluice.limiter.api.StreamSettings;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.process.LimiterSettings;
import dev.sluice.limiter.process.policies.NamedPolicies;
import dev.sluice.limiter.store.LimitStore;
import dev.sluice.limiter.store.MemoryLimitStores;
import dev.sluice.limiter.store.MemoryWindowCounters;
import dev.sluice.limiter.store.RedisStores;
import dev.sluice.limiter.store.RefusalSettings;
import dev.sluice.limiter.store.WindowCounters;
import dev.sluice.service.life.ServiceLife;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the service together. */
@Singleton
public class LimiterWiring {
  private static final String MEMORY = "memory";

  /**
   * One shard decides more than these can read and answer, and the fewer there are, the less often
   * is one woken.
   */
  private static final int PROCESSORS_PER_SHARD = 4;

  /** Starts the limiter's processes. */
  @Produces
  @Singleton
  @Startup
  Limiter limiter(
      ServiceLife life,
      LimiterConfig config,
      NamedPolicies policies,
      LimitStore.Factory stores,
      MeterRegistry registry)
      throws InterruptedException {
    var settings =
        new LimiterSettings(
            shards(config),
            config.inbox(),
            config.maxWaiters(),
            config.maxWait(),
            config.inline(),
            policies.rates(),
            secret(life, config, stores));
    Limiter limiter =
        Limiter.start(
            life.scope(), life.monitor(), settings, stores, () -> new DecisionMeters(registry));
    life.onDrain(limiter::close);
    return limiter;
  }

  private static Fingerprint.Secret secret(
      ServiceLife life, LimiterConfig config, LimitStore.Factory stores) {
    if (config.snapshot().isEmpty()) {
      return Fingerprint.Secret.random();
    }
    Path file = config.snapshot().get();
    if (!(stores instanceof MemoryLimitStores memory)) {
      throw new ConfigurationException(
          "sluice.limiter.snapshot: " + file + " is for sluice.store=memory only");
    }
    if (!Files.isDirectory(file.toAbsolutePath().getParent()) || Files.isDirectory(file)) {
      throw new ConfigurationException(
          "sluice.limiter.snapshot: " + file + " must be a file in a directory that exists");
    }
    var keeper = new SnapshotKeeper(file, memory);
    Fingerprint.Secret secret = keeper.read();
    life.onEnded(() -> keeper.write(secret));
    return secret;
  }

  /** How streams are read. */
  @Produces
  @Singleton
  StreamSettings streams(LimiterConfig config) {
    return new StreamSettings(config.streamWindow());
  }

  /** Makes the stores on the engine that {@code sluice.store} names. */
  @Produces
  @Singleton
  LimitStore.Factory stores(
      @ConfigProperty(name = "sluice.store", defaultValue = MEMORY) String engine,
      LimiterConfig config) {
    if (engine.equals(MEMORY)) {
      int keysPerShard = Math.ceilDiv(config.maxKeys(), shards(config));
      return new MemoryLimitStores(shards(config), keysPerShard);
    }
    return redisStores(address(engine), config.redis());
  }

  /** Makes the counters of Envoy's hits, on the same engine. */
  @Produces
  @Singleton
  WindowCounters.Factory counters(LimitStore.Factory stores, LimiterConfig config) {
    return stores instanceof RedisStores redis
        ? redis
        : _ -> new MemoryWindowCounters(config.maxKeys());
  }

  /** Ends the connections, when the shards have ended. */
  void close(@Disposes LimitStore.Factory stores) {
    if (stores instanceof RedisStores redis) {
      redis.close();
    }
  }

  /** How many shards there are to be. */
  public static int shards(LimiterConfig config) {
    return config
        .shards()
        .orElseGet(
            () -> Math.ceilDiv(Runtime.getRuntime().availableProcessors(), PROCESSORS_PER_SHARD));
  }

  private static RedisAddress address(String engine) {
    try {
      return RedisAddress.of(engine);
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException("sluice.store: " + wrong.getMessage() + ", or memory");
    }
  }

  private static RedisStores redisStores(RedisAddress address, LimiterConfig.Redis redis) {
    try {
      return new RedisStores(
          address,
          new RedisSettings(redis.timeout(), redis.failures(), redis.probeEvery()),
          new RefusalSettings(redis.refusals(), redis.refusedKeys()));
    } catch (IllegalArgumentException wrong) {
      throw new ConfigurationException("sluice.limiter.redis: " + wrong.getMessage());
    }
  }
}
