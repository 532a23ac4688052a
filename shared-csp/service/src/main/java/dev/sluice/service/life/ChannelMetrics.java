package dev.sluice.service.life;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelStats;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Every named channel as metrics: {@code sluice_<service>_channel_...{scope="...",channel="..."}}.
 * They are read off the living scopes when Prometheus asks, so a channel costs nothing meanwhile
 * and its series end when it does.
 */
@Singleton
public class ChannelMetrics {

  @SuppressWarnings(
      "deprecation") // the registry that the platform brings; its successor is not in the platform
  // yet
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry.getPrometheusRegistry().register(new ChannelCollector(prefix + "_channel_"));
  }

  private static final class ChannelCollector extends Collector {
    private static final List<String> LABELS = List.of("scope", "channel");

    private final String prefix;

    ChannelCollector(String prefix) {
      this.prefix = prefix;
    }

    private record Sample(List<String> labels, ChannelStats stats) {}

    @Override
    public List<MetricFamilySamples> collect() {
      var samples = new ArrayList<Sample>();
      Processes.scopes().forEach(scope -> addAll(samples, scope, ""));
      return List.of(
          gauge(samples, "depth", "Values the channel holds", ChannelStats::depth),
          gauge(samples, "capacity", "Most values the channel holds", ChannelStats::capacity),
          gauge(
              samples, "waiting_senders", "Sends that wait for room", ChannelStats::waitingSenders),
          gauge(
              samples,
              "waiting_receivers",
              "Receives that wait for a value",
              ChannelStats::waitingReceivers),
          counter(samples, "sent", "Values sent", ChannelStats::sent),
          counter(samples, "received", "Values received", ChannelStats::received));
    }

    private static void addAll(List<Sample> samples, Scope scope, String path) {
      String name = path + scope.name();
      for (Channel<?> channel : scope.channels()) {
        ChannelStats stats = channel.stats();
        samples.add(new Sample(List.of(name, stats.name()), stats));
      }
      scope.children().forEach(child -> addAll(samples, child, name + "/"));
    }

    private MetricFamilySamples gauge(
        List<Sample> samples, String name, String help, ToDoubleFunction<ChannelStats> value) {
      var family = new GaugeMetricFamily(prefix + name, help, LABELS);
      samples.forEach(sample -> family.addMetric(sample.labels, value.applyAsDouble(sample.stats)));
      return family;
    }

    private MetricFamilySamples counter(
        List<Sample> samples, String name, String help, ToDoubleFunction<ChannelStats> value) {
      var family = new CounterMetricFamily(prefix + name, help, LABELS);
      samples.forEach(sample -> family.addMetric(sample.labels, value.applyAsDouble(sample.stats)));
      return family;
    }
  }
}
