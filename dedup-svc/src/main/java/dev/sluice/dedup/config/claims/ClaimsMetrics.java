package dev.sluice.dedup.config.claims;

import dev.sluice.dedup.process.claims.ClaimCounts;
import dev.sluice.dedup.process.claims.Claims;
import dev.sluice.service.Answers;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Claims as metrics: {@code sluice_dedup_claims_...}. The shards are asked at every scrape. */
@Singleton
public class ClaimsMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      Claims claims,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry.getPrometheusRegistry().register(new ClaimCollector(claims, prefix + "_claims"));
  }

  private static final class ClaimCollector extends Collector {
    private final Claims claims;
    private final String prefix;

    ClaimCollector(Claims claims, String prefix) {
      this.claims = claims;
      this.prefix = prefix;
    }

    /** Nothing when a shard does not answer; its heartbeat tells of that. */
    @Override
    public List<MetricFamilySamples> collect() {
      List<ClaimCounts> shards = Answers.all(claims.counts());
      if (shards.isEmpty()) {
        return List.of();
      }
      var families = new ArrayList<MetricFamilySamples>();
      families.add(answers(shards));
      families.add(endings(shards));
      families.add(
          gauge("waiting", "Callers that wait for a claim to end", shards, ClaimCounts::waiting));
      if (shards.getFirst().entries().isPresent()) {
        families.add(
            gauge(
                "entries",
                "Keys that are kept, claimed or done with",
                shards,
                each -> each.entries().orElse(0)));
      }
      if (shards.getFirst().bytes().isPresent()) {
        families.add(
            gauge(
                "response_bytes",
                "What the kept responses have",
                shards,
                each -> each.bytes().orElse(0)));
      }
      return families;
    }

    private MetricFamilySamples answers(List<ClaimCounts> shards) {
      var family =
          new CounterMetricFamily(prefix, "Answers to those who wanted a key", List.of("result"));
      family.addMetric(List.of("claimed"), sum(shards, ClaimCounts::claimed));
      family.addMetric(List.of("in-progress"), sum(shards, ClaimCounts::inProgress));
      family.addMetric(List.of("replayed"), sum(shards, ClaimCounts::replayed));
      family.addMetric(List.of("mismatch"), sum(shards, ClaimCounts::mismatched));
      return family;
    }

    private MetricFamilySamples endings(List<ClaimCounts> shards) {
      var family =
          new CounterMetricFamily(
              prefix + "_ended", "Answers to owners who ended their claim", List.of("result"));
      family.addMetric(List.of("completed"), sum(shards, ClaimCounts::completed));
      family.addMetric(List.of("aborted"), sum(shards, ClaimCounts::aborted));
      family.addMetric(List.of("lost"), sum(shards, ClaimCounts::lost));
      return family;
    }

    private MetricFamilySamples gauge(
        String name, String help, List<ClaimCounts> shards, ToLongFunction<ClaimCounts> value) {
      return new GaugeMetricFamily(prefix + "_" + name, help, sum(shards, value));
    }

    private static long sum(List<ClaimCounts> shards, ToLongFunction<ClaimCounts> value) {
      return shards.stream().mapToLong(value).sum();
    }
  }
}
