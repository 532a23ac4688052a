package dev.sluice.limiter.config.envoy;

import dev.sluice.limiter.api.envoy.EnvoyRendering;
import dev.sluice.limiter.config.LimiterConfig;
import dev.sluice.limiter.config.files.ConfigFiles;
import dev.sluice.limiter.process.envoy.EnvoyLimiter;
import dev.sluice.limiter.process.envoy.EnvoySettings;
import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.store.WindowCounters;
import dev.sluice.service.life.ServiceLife;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;

/** Puts Envoy's side together. */
@Singleton
public class EnvoyWiring {

  /** Starts its processes, if it is switched on. */
  @Produces
  @Singleton
  @Startup
  Optional<EnvoyLimiter> envoyLimiter(
      ServiceLife life,
      LimiterConfig limiter,
      EnvoyConfig config,
      MeterRegistry registry,
      WindowCounters.Factory counters)
      throws InterruptedException {
    if (config.config().isEmpty()) {
      return Optional.empty();
    }
    Path directory = config.config().get();
    var settings =
        new EnvoySettings(
            limiter.inbox(),
            config.checkEvery(),
            config.shadowMode(),
            config.quotaMode(),
            config.calendarMonth(),
            config.nearLimitRatio());
    var meters = new RuleMeters(registry);
    try {
      EnvoyLimiter envoy =
          EnvoyLimiter.start(
              life.scope(),
              life.monitor(),
              settings,
              new ConfigFiles<>(directory, RulesYaml.parser(config.mergeDomains())),
              meters,
              counters,
              meters);
      life.onDrain(envoy::close);
      return Optional.of(envoy);
    } catch (ConfigException wrong) {
      throw new IllegalArgumentException(
          "sluice.limiter.envoy.config: " + wrong.getMessage(), wrong);
    }
  }

  /** What the answers look like. */
  @Produces
  @Singleton
  EnvoyRendering rendering(EnvoyConfig config) {
    return new EnvoyRendering(
        names(config.responseHeaders()), names(config.requestHeaders()), config.dynamicMetadata());
  }

  private static Optional<EnvoyRendering.HeaderNames> names(EnvoyConfig.Headers headers) {
    return headers.enabled()
        ? Optional.of(
            new EnvoyRendering.HeaderNames(headers.limit(), headers.remaining(), headers.reset()))
        : Optional.empty();
  }

  /** No metric has values without end, whatever values requests bring. */
  @Produces
  @Singleton
  MeterFilter boundedRules(EnvoyConfig config) {
    return boundedRules(config.maxMetrics());
  }

  static MeterFilter boundedRules(int max) {
    return MeterFilter.maximumAllowableTags(RuleMeters.HITS, "rule", max, MeterFilter.deny());
  }
}
