package dev.sluice.limiter.config;

import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.Limiter;
import dev.sluice.limiter.store.StoreStatus;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The engine as metrics: {@code sluice_limiter_store_...}. The shards are asked when Prometheus
 * asks.
 */
@Singleton
public class StoreMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      Limiter limiter,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry.getPrometheusRegistry().register(new StoreCollector(limiter, prefix + "_store_"));
  }

  private static final class StoreCollector extends Collector {
    private static final long PATIENCE_MILLIS = 500;

    private final Limiter limiter;
    private final String prefix;

    StoreCollector(Limiter limiter, String prefix) {
      this.limiter = limiter;
      this.prefix = prefix;
    }

    /** Nothing when a shard does not answer; its heartbeat tells of that. */
    @Override
    public List<MetricFamilySamples> collect() {
      List<StoreStatus> shards = ask();
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
              "refused",
              "Acquires refused because the key is known to be empty",
              StoreStatus::refused));
    }

    private MetricFamilySamples up(List<StoreStatus> shards) {
      var family =
          new GaugeMetricFamily(
              prefix + "up", "Whether the node is asked (1) or not (0)", List.of("shard", "node"));
      for (int shard = 0; shard < shards.size(); shard++) {
        for (StoreStatus.Node node : shards.get(shard).nodes()) {
          family.addMetric(List.of(Integer.toString(shard), node.name()), node.up() ? 1 : 0);
        }
      }
      return family;
    }

    private MetricFamilySamples counter(
        List<StoreStatus> shards, String name, String help, ToLongFunction<StoreStatus> count) {
      return new CounterMetricFamily(prefix + name, help, shards.stream().mapToLong(count).sum());
    }

    private List<StoreStatus> ask() {
      var answers = new ArrayList<StoreStatus>();
      try {
        for (Reply<StoreStatus> reply : limiter.stores()) {
          answers.add(
              reply.stage().toCompletableFuture().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        }
        return answers;
      } catch (ExecutionException | TimeoutException noAnswer) {
        return List.of();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }
  }
}
