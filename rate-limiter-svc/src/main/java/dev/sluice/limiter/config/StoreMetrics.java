package dev.sluice.limiter.config;

import dev.sluice.service.engine.EngineCollector;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The engine as metrics: {@code sluice_limiter_store_...}. */
@Singleton
public class StoreMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      Engines engines,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry
        .getPrometheusRegistry()
        .register(
            new EngineCollector(
                prefix + "_store_",
                "refused",
                "Acquires refused because the key is known to be empty",
                engines::ask));
  }
}
