package dev.sluice.limiter.config;

import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What can be set of the limiter. */
@ConfigMapping(prefix = "sluice.limiter")
public interface LimiterConfig {

  /** How many processes share the keys; by default one for every four processors. */
  OptionalInt shards();

  /** How many requests may wait in front of each shard; more are answered 503. */
  @WithDefault("8192")
  @Min(1)
  @Max(1_000_000)
  int inbox();

  /** How many buckets that are not full the service keeps; a further key is answered 503. */
  @WithDefault("1000000")
  @Min(1)
  int maxKeys();

  /** The longest {@code wait} that a request may ask for. */
  @WithDefault("10s")
  @WithConverter(DurationSetting.class)
  Duration maxWait();

  /** How many callers may wait for one bucket; more are answered 429. */
  @WithDefault("1000")
  @Min(0)
  int maxWaiters();

  /** Whether a request may bring its own {@code limit} instead of naming a policy. */
  @WithDefault("true")
  boolean inline();

  /** How Redis is used, when {@code sluice.store} names one. */
  Redis redis();

  /** How Redis is used. */
  interface Redis {
    /** Within which it must answer. */
    @WithDefault("250ms")
    @WithConverter(DurationSetting.class)
    Duration timeout();

    /** After how many error answers in a row a node counts as down. */
    @WithDefault("5")
    int failures();

    /** How often a node that is down is tried again. */
    @WithDefault("200ms")
    @WithConverter(DurationSetting.class)
    Duration probeEvery();

    /** How long a refusal may be repeated without asking; {@code 0s}: always ask. */
    @WithDefault("100ms")
    @WithConverter(DurationSetting.class)
    Duration refusals();

    /** Of how many keys each shard remembers refusals. */
    @WithDefault("10000")
    int refusedKeys();
  }

  /** How many requests of one gRPC stream may be under way; no further ones are read then. */
  @WithDefault("256")
  @Min(1)
  @Max(100_000)
  int streamWindow();

  /**
   * Where what has been counted in memory is kept over a restart: written at its end, read at its
   * start.
   */
  Optional<Path> snapshot();

  /** Limits by name, besides those of {@link #policyFiles}. */
  Map<String, Policy> policies();

  /** A file of policies, or a directory of them; read again when it changes. */
  Optional<Path> policyFiles();

  /** How often it is looked whether the policy files have changed. */
  @WithDefault("1s")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "10ms", max = "1h")
  Duration policyCheckEvery();

  /** A limit that requests name. */
  interface Policy {
    long rate();

    @WithConverter(DurationSetting.class)
    Duration per();

    /** The most permits at once; by default the rate. */
    OptionalLong burst();
  }
}
