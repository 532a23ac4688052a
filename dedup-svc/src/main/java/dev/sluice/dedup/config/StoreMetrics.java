package dev.sluice.dedup.config;

import dev.sluice.service.Answers;
import dev.sluice.store.StoreStatus;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The engine as metrics: {@code sluice_dedup_store_...}. The processes that keep something are
 * asked when Prometheus asks.
 */
@Singleton
public class StoreMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      Engines engines,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry.getPrometheusRegistry().register(new StoreCollector(engines, prefix + "_store_"));
  }

  private static final class StoreCollector extends Collector {
    private final Engines engines;
    private final String prefix;

    StoreCollector(Engines engines, String prefix) {
      this.engines = engines;
      this.prefix = prefix;
    }

    /** Nothing when a process does not answer; its heartbeat tells of that. */
    @Override
    public List<MetricFamilySamples> collect() {
      Map<String, StoreStatus> shards = ask();
      if (shards.isEmpty()) {
        return List.of();
      }
      return List.of(
          up(shards),
          counter(shards, "asked", "Operations sent to the engine", StoreStatus::asked),
          counter(shards, "failed", "Operations sent that brought no outcome", StoreStatus::failed),
          counter(
              shards,
              "unasked",
              "Operations not sent because the engine is known to be down",
              StoreStatus::unasked),
          counter(
              shards,
              "spared",
              "Operations answered here because the answer is known without asking",
              StoreStatus::spared));
    }

    private MetricFamilySamples up(Map<String, StoreStatus> shards) {
      var family =
          new GaugeMetricFamily(
              prefix + "up", "Whether the node is asked (1) or not (0)", List.of("shard", "node"));
      shards.forEach((shard, status) -> {
        for (StoreStatus.Node node : status.nodes()) {
          family.addMetric(List.of(shard, node.name()), node.up() ? 1 : 0);
        }
      });
      return family;
    }

    private MetricFamilySamples counter(
        Map<String, StoreStatus> shards,
        String name,
        String help,
        ToLongFunction<StoreStatus> count) {
      return new CounterMetricFamily(
          prefix + name, help, shards.values().stream().mapToLong(count).sum());
    }

    private Map<String, StoreStatus> ask() {
      var asked = engines.ask();
      var names = asked.keySet().iterator();
      var answers = new LinkedHashMap<String, StoreStatus>();
      Answers.all(asked.values()).forEach(answer -> answers.put(names.next(), answer));
      return answers;
    }
  }
}
