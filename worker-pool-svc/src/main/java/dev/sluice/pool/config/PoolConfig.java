package dev.sluice.pool.config;

import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.OptionalInt;

/** What can be set of the pool. */
@ConfigMapping(prefix = "sluice.pool")
public interface PoolConfig {

  /** How many calls are made at once, by all push queues together. */
  @WithDefault("16")
  @Min(1)
  @Max(10_000)
  int workers();

  /** How many requests may wait in front of the dispatcher; more are answered 503. */
  @WithDefault("8192")
  @Min(1)
  @Max(1_000_000)
  int inbox();

  /** The longest {@code wait} that a request may ask for. */
  @WithDefault("30s")
  @WithConverter(DurationSetting.class)
  @DurationRange(max = "1d")
  Duration maxWait();

  /**
   * How many submits may wait for room, how many workers for jobs, and how many requests for
   * results; each of them.
   */
  @WithDefault("1000")
  @Min(0)
  @Max(1_000_000)
  int maxWaiters();

  /** How many bytes the payloads of submits that wait for room may have together. */
  @WithDefault("64M")
  MemorySize maxWaitingBytes();

  /** How many watches of jobs and queues there may be. */
  @WithDefault("1000")
  @Min(0)
  @Max(1_000_000)
  int maxWatches();

  /** How many queues there may be. */
  @WithDefault("1000")
  @Min(2)
  @Max(1_000_000)
  int maxQueues();

  /** How many schedules there may be. */
  @WithDefault("1000")
  @Min(0)
  @Max(1_000_000)
  int maxSchedules();

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

  /** What holds for queues that nobody has configured. */
  Queue queue();

  /** What may be called. */
  Targets targets();

  /** What is told of it. */
  Metrics metrics();

  /** What holds for queues that nobody has configured; nothing that a request could not ask for. */
  interface Queue {

    /** The most jobs that may be unfinished. */
    @WithDefault("100000")
    @Min(1)
    @Max(10_000_000)
    int capacity();

    /**
     * The most bytes that the payloads of unfinished jobs may have together; at least the largest
     * body of a request.
     */
    @WithDefault("256M")
    MemorySize capacityBytes();

    /** How long a worker outside has a job when it does not say. */
    @WithDefault("30s")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "100ms", max = "24h")
    Duration lease();

    /** How many times a job is tried. */
    @WithDefault("3")
    @Min(1)
    @Max(100)
    int attempts();

    /** How long a call may take. */
    @WithDefault("10s")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "10m")
    Duration timeout();

    /** How long to wait after a failed attempt. */
    Backoff backoff();

    /** How many calls are made at once to one host; by default as many as there are workers. */
    @Min(1)
    @Max(10_000)
    OptionalInt hostWorkers();

    /** When a host is left alone. */
    Breaker breaker();

    /** Whether an answer of 4xx other than 429 is tried again. */
    @WithDefault("false")
    boolean retryClientErrors();

    /** How long an idempotency key stands for its job. */
    @WithDefault("24h")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1s", max = "366d")
    Duration idempotencyWindow();

    /** How long succeeded and cancelled jobs can be asked for. */
    @WithDefault("1h")
    @WithConverter(DurationSetting.class)
    @DurationRange(max = "366d")
    Duration keepSucceeded();

    /** How long failed jobs, the dead letters, are kept. */
    @WithDefault("14d")
    @WithConverter(DurationSetting.class)
    @DurationRange(max = "366d")
    Duration keepFailed();
  }

  /** How long to wait after a failed attempt. */
  interface Backoff {

    /** After the first. */
    @WithDefault("1s")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "7d")
    Duration initial();

    /** How many times as long after each further one. */
    @WithDefault("2")
    @DecimalMin("1")
    @DecimalMax("100")
    double factor();

    /** The longest; no more than {@link PoolConfig#maxBackoff}. */
    @WithDefault("10m")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "7d")
    Duration max();

    /** Which part of it is left to chance. */
    @WithDefault("0.5")
    @DecimalMin("0")
    @DecimalMax("1")
    double jitter();
  }

  /** When a host is left alone. */
  interface Breaker {

    /** After how many failures in a row; 0: never. */
    @WithDefault("10")
    @Min(0)
    @Max(1_000)
    int failures();

    /** For how long, before one call is tried. */
    @WithDefault("30s")
    @WithConverter(DurationSetting.class)
    @DurationRange(min = "1ms", max = "24h")
    Duration open();
  }

  /** What may be called. */
  interface Targets {

    /**
     * Whether hosts may have private, loopback, link-local and other addresses that are not public.
     */
    @WithDefault("false")
    boolean allowPrivate();

    /** How much of an answer's body is kept as the job's result; a longer one is not. */
    @WithDefault("64K")
    MemorySize maxResponse();

    /** How many redirects are followed; each target is checked anew. */
    @WithDefault("0")
    @Min(0)
    @Max(20)
    int maxRedirects();
  }

  /** What is told of it. */
  interface Metrics {

    /** How many queues have a label of their own; the others are one, {@code other}. */
    @WithDefault("100")
    @Min(0)
    @Max(10_000)
    int queues();
  }
}
