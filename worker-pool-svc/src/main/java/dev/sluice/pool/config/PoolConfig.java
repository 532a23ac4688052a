package dev.sluice.pool.config;

import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What can be set of the pool. */
@ConfigMapping(prefix = "sluice.pool")
public interface PoolConfig {

  /** How many calls are made at once. */
  @WithDefault("16")
  @Min(1)
  @Max(10_000)
  int workers();

  /** The most jobs that may be unfinished: queued, running or retrying. */
  @WithDefault("1000")
  @Min(1)
  @Max(10_000_000)
  int capacity();

  /**
   * The most characters of URLs, headers and bodies that unfinished jobs and waiting requests may
   * hold together; at least the largest body of a request.
   */
  @WithDefault("64M")
  MemorySize maxContent();

  /** How many requests may wait in front of the queue; more are answered 503. */
  @WithDefault("8192")
  @Min(1)
  @Max(1_000_000)
  int inbox();

  /** The longest {@code wait} that a request may ask for. */
  @WithDefault("30s")
  @WithConverter(DurationSetting.class)
  @DurationRange(max = "1d")
  Duration maxWait();

  /** How many requests may wait for room; more are answered 429. */
  @WithDefault("1000")
  @Min(0)
  @Max(1_000_000)
  int maxWaiters();

  /**
   * The longest time between two attempts, also when a target's {@code Retry-After} asks for more.
   */
  @WithDefault("10m")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "1ms", max = "7d")
  Duration maxBackoff();

  /** A call that has not ended this long after its timeout hangs, and the service is not live. */
  @WithDefault("30s")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "1ms", max = "1d")
  Duration hungAfter();

  /**
   * The file that keeps unfinished jobs from one run to the next; a relative one stands in the
   * working directory. Empty: they are lost when the service stops.
   */
  @WithDefault("worker-pool-spool.jsonl")
  Optional<Path> spool();

  /** What is remembered of finished jobs. */
  Finished finished();

  /** What may be called. */
  Targets targets();

  /** What is remembered of finished jobs. */
  interface Finished {

    /** How many at most. */
    @WithDefault("10000")
    @Min(0)
    @Max(10_000_000)
    int keep();

    /** How long at most. */
    @WithDefault("1h")
    @WithConverter(DurationSetting.class)
    @DurationRange(max = "30d")
    Duration time();
  }

  /** What may be called. */
  interface Targets {

    /**
     * Whether hosts may have private, loopback, link-local and other addresses that are not public.
     */
    @WithDefault("false")
    boolean allowPrivate();

    /** How much of an answer's body is read; the connection of a longer one is closed. */
    @WithDefault("64K")
    MemorySize maxResponse();
  }
}
