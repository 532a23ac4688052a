package dev.sluice.limiter.config.permits;

import dev.sluice.limiter.process.Policy.WhenEngineFails;
import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What can be set of concurrency limits. */
@ConfigMapping(prefix = "sluice.limiter.permits")
public interface PermitsConfig {

  /** How long a lease lasts that does not say. */
  @WithDefault("30s")
  @WithConverter(DurationSetting.class)
  Duration defaultTtl();

  /** How long a lease may last. */
  @WithDefault("1h")
  @WithConverter(DurationSetting.class)
  Duration maxTtl();

  /** The longest {@code wait} that a request may ask for. */
  @WithDefault("10s")
  @WithConverter(DurationSetting.class)
  Duration maxWait();

  /** How many callers may wait for one key; more are answered 429. */
  @WithDefault("1000")
  @Min(0)
  int maxWaiters();

  /** How many leases the service keeps in memory; a further one is answered 503. */
  @WithDefault("100000")
  @Min(1)
  @Max(10_000_000)
  int maxLeases();

  /** How often those who wait look whether a lease has been released through another instance. */
  @WithDefault("100ms")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "1ms", max = "1m")
  Duration lookAgain();

  /** Limits by name. */
  Map<String, Policy> policies();

  /** A limit that requests name. */
  interface Policy {
    /** How many permits may be out of each key. */
    long permits();

    /** The longest lease; by default the service's. */
    @WithConverter(DurationSetting.class)
    Optional<Duration> maxTtl();

    /** The longest wait; by default the service's. */
    @WithConverter(DurationSetting.class)
    Optional<Duration> maxWait();

    /** Which keys it takes, {@code *} stands for any characters; by default all. */
    Optional<String> keys();

    /** What becomes of acquires when the engine does not answer. */
    @WithDefault("closed")
    WhenEngineFails fail();
  }
}
