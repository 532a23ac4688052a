package dev.sluice.service.life;

import dev.sluice.csp.HeartbeatMonitor.Pulse;
import dev.sluice.service.Answers;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the probes are told, as metrics: {@code sluice_life_...}. They have the same names in every
 * service, so that one alert serves all. Which process is stuck is told by {@code /q/health/live}:
 * there may be thousands, too many for labels.
 */
@Singleton
public class LifeMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      ServiceLife life,
      SmallRyeHealthReporter health) {
    registry.getPrometheusRegistry().register(new LifeCollector(life, health));
  }

  private static final class LifeCollector extends Collector implements Collector.Describable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String PREFIX = "sluice_life_";

    private final ServiceLife life;
    private final SmallRyeHealthReporter health;

    LifeCollector(ServiceLife life, SmallRyeHealthReporter health) {
      this.life = life;
      this.health = health;
    }

    @Override
    public List<MetricFamilySamples> collect() {
      var families = new ArrayList<MetricFamilySamples>();
      families.add(gauge("ready", "Whether the service is ready (1) or not (0)", ready()));
      Answers.all(List.of(life.monitor().pulses())).forEach(pulses -> add(pulses, families));
      return families;
    }

    /** Without it the registry would collect to learn the names, before anything is ready. */
    @Override
    public List<MetricFamilySamples> describe() {
      return List.of();
    }

    private static void add(List<Pulse> pulses, List<MetricFamilySamples> to) {
      to.add(gauge("processes", "Processes whose heartbeats are watched", pulses.size()));
      to.add(
          gauge(
              "stuck",
              "Processes that have missed two heartbeats",
              (double) pulses.stream().filter(Pulse::stuck).count()));
      to.add(
          gauge(
              "silence_seconds",
              "Since the last heartbeat of the process that is silent the longest",
              pulses.stream().mapToLong(each -> each.sinceLastBeat().toNanos()).max().orElse(0)
                  / 1e9));
    }

    /** A check that does not answer in time is one that has failed, as for the probe. */
    private double ready() {
      boolean ready =
          health
              .getReadinessAsync()
              .map(readiness -> !readiness.isDown())
              .ifNoItem()
              .after(PATIENCE)
              .recoverWithItem(false)
              .onFailure()
              .recoverWithItem(false)
              .await()
              .indefinitely();
      return ready ? 1 : 0;
    }

    private static MetricFamilySamples gauge(String name, String help, double value) {
      return new GaugeMetricFamily(PREFIX + name, help, value);
    }
  }
}
