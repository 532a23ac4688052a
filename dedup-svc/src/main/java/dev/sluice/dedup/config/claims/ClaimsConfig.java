package dev.sluice.dedup.config.claims;

import dev.sluice.service.DurationSetting;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.OptionalInt;

/** What can be set of idempotency claims. */
@ConfigMapping(prefix = "sluice.dedup.claims")
public interface ClaimsConfig {

  /** How many processes share the keys; by default one for four processors. */
  @Min(1)
  OptionalInt shards();

  /** The longest {@code lease} that a request may ask for. */
  @WithDefault("1h")
  @WithConverter(DurationSetting.class)
  Duration maxLease();

  /** The longest {@code ttl} that a request may ask for. */
  @WithDefault("30d")
  @WithConverter(DurationSetting.class)
  Duration maxTtl();

  /** The longest {@code wait} that a request may ask for. */
  @WithDefault("30s")
  @WithConverter(DurationSetting.class)
  Duration maxWait();

  /** How many callers may wait for one key; more are answered 409 at once. */
  @WithDefault("1000")
  @Min(0)
  int maxWaiters();

  /** The largest response that a claim is completed with: its body and its headers. */
  @WithDefault("256K")
  MemorySize maxResponse();

  /**
   * How many keys the service keeps in memory, claimed or done with, divided evenly among the
   * shards; a further one is answered 503. Each takes some 310 bytes of heap, beside its response.
   */
  @WithDefault("200000")
  @Min(1)
  @Max(100_000_000)
  int maxEntries();

  /** How much their responses may have together, divided likewise; more is answered 503. */
  @WithDefault("64M")
  MemorySize maxBytes();

  /** How long owners may still end their claims when the service is told to stop. */
  @WithDefault("10s")
  @WithConverter(DurationSetting.class)
  Duration drain();
}
