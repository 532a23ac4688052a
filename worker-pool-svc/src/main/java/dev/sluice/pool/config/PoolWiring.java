package dev.sluice.pool.config;

import dev.sluice.pool.process.HttpTarget;
import dev.sluice.pool.process.PoolSettings;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.pool.store.FileJobStore;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.JobStoreException;
import dev.sluice.pool.store.NoJobStore;
import dev.sluice.service.Limits;
import dev.sluice.service.life.LifeConfig;
import dev.sluice.service.life.ServiceLife;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;

/** Puts the service together. */
@Singleton
public class PoolWiring {
  private static final Duration MOST_FOR_HANDING_BACK = Duration.ofSeconds(2);

  /** Starts the pool's processes. */
  @Produces
  @Singleton
  @Startup
  WorkerPool pool(
      ServiceLife life, LifeConfig lifeConfig, PoolConfig config, Limits limits, HttpTarget target)
      throws InterruptedException {
    requireRoomForOneBody(config, limits);
    try {
      WorkerPool pool =
          WorkerPool.start(
              life.scope(),
              life.monitor(),
              settings(config, lifeConfig.grace()),
              target,
              store(config),
              new SecureRandom());
      life.onDrain(pool::drain);
      return pool;
    } catch (JobStoreException | IllegalArgumentException spool) {
      throw wrong("sluice.pool.spool", spool.getMessage());
    }
  }

  /** The way out to the targets. */
  @Produces
  @Singleton
  HttpTarget target(PoolConfig config) {
    return new HttpTarget(
        config.targets().allowPrivate(), config.targets().maxResponse().asLongValue());
  }

  /** Ends the threads that calls need. */
  void close(@Disposes HttpTarget target) {
    target.close();
  }

  private static JobStore store(PoolConfig config) {
    return config.spool().<JobStore>map(FileJobStore::new).orElseGet(NoJobStore::new);
  }

  /**
   * Of the grace period the last part, a quarter but no more than four seconds, is for the jobs
   * that are not finished then: half of it for workers to hand back theirs, half to save all.
   */
  private static PoolSettings settings(PoolConfig config, Duration grace) {
    Duration eighth = grace.dividedBy(8);
    Duration handBack =
        eighth.compareTo(MOST_FOR_HANDING_BACK) < 0 ? eighth : MOST_FOR_HANDING_BACK;
    return new PoolSettings(
        config.workers(),
        config.inbox(),
        config.capacity(),
        config.maxContent().asLongValue(),
        config.maxWait(),
        config.maxWaiters(),
        config.maxBackoff(),
        config.finished().keep(),
        config.finished().time(),
        config.hungAfter(),
        grace.minus(handBack.multipliedBy(2)),
        handBack);
  }

  private static void requireRoomForOneBody(PoolConfig config, Limits limits) {
    long content = config.maxContent().asLongValue();
    long body = limits.body().asLongValue();
    if (content < body) {
      throw wrong(
          "sluice.pool.max-content",
          "is " + content + ", must be at least sluice.limits.body, which is " + body);
    }
  }

  /** Quarkus prints its message as the one line that tells why there was no start. */
  private static ConfigurationException wrong(String setting, String what) {
    return new ConfigurationException(setting + ": " + what);
  }
}
