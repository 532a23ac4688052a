package dev.sluice.service;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How much a request may bring: {@code sluice.limits.*}. */
@ConfigMapping(prefix = "sluice.limits")
public interface Limits {
  /** The longest key, in bytes of UTF-8. */
  @Min(1)
  @WithDefault("256")
  int keyBytes();

  /** The most items in one batch. */
  @Min(1)
  @WithDefault("1000")
  int batch();

  /**
   * The largest body of an HTTP request. Above {@code quarkus.http.limits.max-body-size} (64 MiB
   * here) Quarkus itself cuts the request off, and its answer has no body.
   */
  @WithDefault("1M")
  MemorySize body();

  /**
   * How long the body of an HTTP request may take to come, from its headers to its end. Looked at
   * every second.
   */
  @WithDefault("10s")
  @WithConverter(DurationSetting.class)
  Duration bodyTime();
}
