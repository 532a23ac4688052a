package dev.sluice.limiter.config.envoy;

import dev.sluice.service.DurationRange;
import dev.sluice.service.DurationSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What can be set of Envoy's rate limit service. */
@ConfigMapping(prefix = "sluice.limiter.envoy")
public interface EnvoyConfig {

  /** The directory with the files of rules; without it the service is off. */
  Optional<Path> config();

  /** How often it is looked whether the files have changed. */
  @WithDefault("1s")
  @WithConverter(DurationSetting.class)
  @DurationRange(min = "10ms", max = "1h")
  Duration checkEvery();

  /** Whether several files may have rules for one domain. */
  @WithDefault("false")
  boolean mergeDomains();

  /** Whether every request passes, whatever is decided of its descriptors. */
  @WithDefault("false")
  boolean shadowMode();

  /** Whether every rule is a quota. */
  @WithDefault("false")
  boolean quotaMode();

  /** Whether the unit month means the month of the calendar, in UTC, instead of 30 days. */
  @WithDefault("false")
  boolean calendarMonth();

  /** From which part of a limit on a hit counts as near it. */
  @WithDefault("0.8")
  @DecimalMin("0")
  @DecimalMax("1")
  float nearLimitRatio();

  /** How many rules have metrics; those of further ones are left out. */
  @WithDefault("1000")
  @Min(0)
  int maxMetrics();

  /** Whether the response carries what was asked, and the metadata of the rules that were met. */
  @WithDefault("false")
  boolean dynamicMetadata();

  /** Headers for Envoy to add to the response that its client gets. */
  Headers responseHeaders();

  /** Headers for Envoy to add to the request that it passes on. */
  Headers requestHeaders();

  /** Three headers that tell of the limit that is nearest to be used up. */
  interface Headers {

    /** Whether there are any. */
    @WithDefault("false")
    boolean enabled();

    /** The name of the one with the limit. */
    @WithDefault("RateLimit-Limit")
    String limit();

    /** The name of the one with what remains. */
    @WithDefault("RateLimit-Remaining")
    String remaining();

    /** The name of the one with the seconds until the window ends. */
    @WithDefault("RateLimit-Reset")
    String reset();
  }
}
