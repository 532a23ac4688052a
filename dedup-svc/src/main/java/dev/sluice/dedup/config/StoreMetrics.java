package dev.sluice.dedup.config;

import dev.sluice.service.engine.EngineCollector;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The engine as metrics: {@code sluice_dedup_store_...}. */
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
                "spared",
                "Operations answered here because the answer is known without asking",
                engines::ask));
  }
}
