package dev.sluice.dedup.config;

import dev.sluice.dedup.process.Deduplicator;
import dev.sluice.dedup.store.SeenContents;
import dev.sluice.service.Answers;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the shards keep in memory as metrics: {@code sluice_dedup_entries} and {@code
 * sluice_dedup_evicted_total}. The shards are asked when Prometheus asks.
 */
@Singleton
public class ContentsMetrics {

  @SuppressWarnings("deprecation") // as in StoreMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      Deduplicator deduplicator,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry.getPrometheusRegistry().register(new ContentsCollector(deduplicator, prefix + "_"));
  }

  private static final class ContentsCollector extends Collector {
    private final Deduplicator deduplicator;
    private final String prefix;

    ContentsCollector(Deduplicator deduplicator, String prefix) {
      this.deduplicator = deduplicator;
      this.prefix = prefix;
    }

    /** Nothing when a shard does not answer, or keeps its keys elsewhere. */
    @Override
    public List<MetricFamilySamples> collect() {
      List<SeenContents> shards = ask();
      return shards.isEmpty()
          ? List.of()
          : List.of(
              new GaugeMetricFamily(
                  prefix + "entries",
                  "Keys kept, with those whose window has ended but that are not swept yet",
                  shards.stream().mapToLong(SeenContents::entries).sum()),
              new CounterMetricFamily(
                  prefix + "evicted",
                  "Keys forgotten within their windows, for want of room",
                  shards.stream().mapToLong(SeenContents::evicted).sum()));
    }

    private List<SeenContents> ask() {
      return Answers.all(deduplicator.contents()).stream().flatMap(Optional::stream).toList();
    }
  }
}
