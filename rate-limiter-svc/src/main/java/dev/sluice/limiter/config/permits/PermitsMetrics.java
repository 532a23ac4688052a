package dev.sluice.limiter.config.permits;

import dev.sluice.csp.Reply;
import dev.sluice.limiter.process.permits.LeaseCounts;
import dev.sluice.limiter.process.permits.Leases;
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

/** Leases as metrics: {@code sluice_limiter_leases_...}. The shards are asked at every scrape. */
@Singleton
public class PermitsMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      Leases leases,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry.getPrometheusRegistry().register(new LeaseCollector(leases, prefix + "_leases_"));
  }

  private static final class LeaseCollector extends Collector {
    private static final long PATIENCE_MILLIS = 500;

    private final Leases leases;
    private final String prefix;

    LeaseCollector(Leases leases, String prefix) {
      this.leases = leases;
      this.prefix = prefix;
    }

    /** Nothing when a shard does not answer; its heartbeat tells of that. */
    @Override
    public List<MetricFamilySamples> collect() {
      List<LeaseCounts> shards = ask();
      if (shards.isEmpty()) {
        return List.of();
      }
      var families = new ArrayList<MetricFamilySamples>();
      if (shards.getFirst().out().isPresent()) {
        families.add(
            gauge("permits_out", "Permits that are out", shards, each -> each.out().orElse(0)));
      }
      families.add(gauge("waiting", "Callers that wait for a lease", shards, LeaseCounts::waiting));
      families.add(counter("granted", "Leases granted", shards, LeaseCounts::granted));
      families.add(
          counter("refused", "Calls that did not get a lease", shards, LeaseCounts::refused));
      families.add(
          counter(
              "expired",
              "Leases that ran out and were not released",
              shards,
              LeaseCounts::expired));
      return families;
    }

    private MetricFamilySamples gauge(
        String name, String help, List<LeaseCounts> shards, ToLongFunction<LeaseCounts> value) {
      return new GaugeMetricFamily(prefix + name, help, sum(shards, value));
    }

    private MetricFamilySamples counter(
        String name, String help, List<LeaseCounts> shards, ToLongFunction<LeaseCounts> value) {
      return new CounterMetricFamily(prefix + name, help, sum(shards, value));
    }

    private static long sum(List<LeaseCounts> shards, ToLongFunction<LeaseCounts> value) {
      return shards.stream().mapToLong(value).sum();
    }

    private List<LeaseCounts> ask() {
      var answers = new ArrayList<LeaseCounts>();
      try {
        for (Reply<LeaseCounts> reply : leases.counts()) {
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
