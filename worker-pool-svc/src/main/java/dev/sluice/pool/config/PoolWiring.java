package dev.sluice.pool.config;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Breaker;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Terms;
import dev.sluice.pool.process.PoolSettings;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.pool.remote.HttpTarget;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.service.Durations;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the service together. */
@Singleton
public class PoolWiring {
  private static final Duration MOST_FOR_HANDING_BACK = Duration.ofSeconds(2);

  /** As requests have it: a number that JSON has, too. */
  private static final long MOST_BYTES = 1L << 53;

  /** Starts the pool's processes. */
  @Produces
  @Singleton
  @Startup
  WorkerPool pool(
      ServiceLife life,
      LifeConfig lifeConfig,
      PoolConfig config,
      QueueDefaults defaults,
      JobStore.Engine engine,
      HttpTarget target,
      @ConfigProperty(name = StoreWiring.SETTING) String store)
      throws InterruptedException {
    PoolSettings settings = settings(config, lifeConfig.grace(), StoreWiring.isEphemeral(store));
    WorkerPool pool =
        WorkerPool.start(
            life.scope(), life.monitor(), settings, defaults, engine, target, new SecureRandom());
    life.onDrain(pool::drain);
    return pool;
  }

  /** The way out to the targets. */
  @Produces
  @Singleton
  HttpTarget target(PoolConfig config) {
    PoolConfig.Targets targets = config.targets();
    return new HttpTarget(
        new HttpTarget.Settings(
            targets.allowPrivate(),
            Math.toIntExact(Math.min(targets.maxResponse().asLongValue(), Integer.MAX_VALUE - 8)),
            targets.maxRedirects(),
            config.workers()),
        Clock.system());
  }

  /** Ends the threads that calls need. */
  void close(@Disposes HttpTarget target) {
    target.close();
  }

  /** What holds for queues that nobody has configured. */
  @Produces
  @Singleton
  QueueDefaults defaults(PoolConfig config, Limits limits) {
    check(config, limits);
    return new QueueDefaults(
        settings(config, QueueSettings.Kind.PULL),
        settings(config, QueueSettings.Kind.PUSH),
        config.maxQueues());
  }

  private static QueueSettings settings(PoolConfig config, QueueSettings.Kind kind) {
    PoolConfig.Queue queue = config.queue();
    PoolConfig.Backoff backoff = queue.backoff();
    PoolConfig.Breaker breaker = queue.breaker();
    return new QueueSettings(
        kind,
        queue.capacity(),
        queue.capacityBytes().asLongValue(),
        config.workers(),
        queue.lease(),
        new Terms(
            queue.attempts(),
            queue.timeout(),
            new Backoff(backoff.initial(), backoff.factor(), backoff.max(), backoff.jitter())),
        null,
        queue.hostWorkers().orElse(config.workers()),
        null,
        breaker.failures() == 0 ? null : new Breaker(breaker.failures(), breaker.open()),
        null,
        queue.retryClientErrors(),
        queue.idempotencyWindow(),
        queue.keepSucceeded(),
        queue.keepFailed());
  }

  /**
   * Of the grace period the last part, a quarter but no more than four seconds, is for the calls
   * that have not ended then: half of it for workers to hand back their jobs, half to write it
   * down.
   */
  private static PoolSettings settings(PoolConfig config, Duration grace, boolean ephemeral) {
    Duration eighth = grace.dividedBy(8);
    Duration handBack =
        eighth.compareTo(MOST_FOR_HANDING_BACK) < 0 ? eighth : MOST_FOR_HANDING_BACK;
    return new PoolSettings(
        config.workers(),
        config.inbox(),
        config.maxWaiters(),
        config.maxWaitingBytes().asLongValue(),
        config.maxWatches(),
        config.maxSchedules(),
        config.maxBackoff(),
        config.hungAfter(),
        ephemeral,
        grace.minus(handBack.multipliedBy(2)),
        handBack);
  }

  private static void check(PoolConfig config, Limits limits) {
    long bytes = config.queue().capacityBytes().asLongValue();
    long body = limits.body().asLongValue();
    if (bytes < body) {
      throw wrong(
          "sluice.pool.queue.capacity-bytes",
          Long.toString(bytes),
          "at least sluice.limits.body, which is " + body);
    }
    if (bytes > MOST_BYTES) {
      throw wrong(
          "sluice.pool.queue.capacity-bytes", Long.toString(bytes), "at most " + MOST_BYTES);
    }
    PoolConfig.Backoff backoff = config.queue().backoff();
    String max = Durations.format(backoff.max());
    if (backoff.max().compareTo(config.maxBackoff()) > 0) {
      throw wrong(
          "sluice.pool.queue.backoff.max",
          max,
          "at most sluice.pool.max-backoff, which is " + Durations.format(config.maxBackoff()));
    }
    if (backoff.initial().compareTo(backoff.max()) > 0) {
      throw wrong(
          "sluice.pool.queue.backoff.initial",
          Durations.format(backoff.initial()),
          "at most sluice.pool.queue.backoff.max, which is " + max);
    }
  }

  /** Quarkus prints its message as the one line that tells why there was no start. */
  private static ConfigurationException wrong(String setting, String value, String allowed) {
    return new ConfigurationException(setting + " is " + value + ", must be " + allowed);
  }
}
