package dev.sluice.mesh.config;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.WorkerState;
import dev.sluice.mesh.process.Router;
import dev.sluice.mesh.process.RouterLook;
import dev.sluice.mesh.process.Supervisor;
import dev.sluice.mesh.process.Topology;
import dev.sluice.service.Answers;
import dev.sluice.service.engine.EngineCollector;
import dev.sluice.store.StoreStatus;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The mesh as metrics: {@code sluice_mesh_...}. The router of this process, and its supervisor, are
 * asked when Prometheus asks: a router tells of its requests, a supervisor of the members.
 */
@Singleton
public class MeshMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      Optional<Router> router,
      Optional<Topology> topology,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    var all = registry.getPrometheusRegistry();
    router.ifPresent(own -> {
      all.register(new RouterCollector(own, prefix + "_"));
      all.register(
          new EngineCollector(
              prefix + "_store_",
              "spared",
              "Operations answered without the engine",
              () -> log(own)));
    });
    topology
        .filter(own -> own instanceof Supervisor) // of one elsewhere it tells itself
        .ifPresent(own -> all.register(new SupervisorCollector(own, prefix + "_")));
  }

  private static SequencedMap<String, Reply<StoreStatus>> log(Router router) {
    var asked = new LinkedHashMap<String, Reply<StoreStatus>>();
    asked.put("router", reply(router.look().stage().thenApply(RouterLook::log)));
    return asked;
  }

  private static <T> Reply<T> reply(CompletionStage<T> stage) {
    var reply = new Reply<T>();
    stage.whenComplete((value, failure) -> {
      if (failure == null) {
        reply.complete(value);
      } else {
        reply.fail(failure);
      }
    });
    return reply;
  }

  private static MetricGauge gauges(String prefix, List<Collector.MetricFamilySamples> to) {
    return (name, help, value) -> to.add(new GaugeMetricFamily(prefix + name, help, value));
  }

  private interface MetricGauge {
    void add(String name, String help, double value);
  }

  private static final class RouterCollector extends Collector {
    private final Router router;
    private final String prefix;

    RouterCollector(Router router, String prefix) {
      this.router = router;
      this.prefix = prefix;
    }

    /** Nothing when the router does not answer; its heartbeat tells of that. */
    @Override
    public List<MetricFamilySamples> collect() {
      var families = new ArrayList<MetricFamilySamples>();
      Answers.all(List.of(router.look())).forEach(look -> add(look, families));
      return families;
    }

    private void add(RouterLook look, List<MetricFamilySamples> to) {
      MetricGauge gauges = gauges(prefix, to);
      RouterCounts counts = look.counts();
      gauges.add("joined", "Whether it has heard who serves what", look.isJoined() ? 1 : 0);
      gauges.add(
          "supervised", "Whether it is linked with the supervisor", look.isSupervised() ? 1 : 0);
      gauges.add("in_flight", "Requests accepted and not answered", counts.inFlight());
      gauges.add("waiting", "Requests in flight that are with no worker", counts.waiting());
      gauges.add("logged", "Requests in flight that are in the log", counts.logged());
      gauges.add(
          "linked_workers",
          "Workers that are linked with the router",
          counts.workers().values().stream().filter(RouterCounts.Load::isLinked).count());
      addCounters(counts, to);
    }

    private void addCounters(RouterCounts counts, List<MetricFamilySamples> to) {
      to.add(counter("accepted", "Requests taken in", counts.accepted()));
      to.add(counter("answered", "Requests that a worker has answered", counts.answered()));
      to.add(counter("recovered", "Requests that came from the log", counts.recovered()));
      to.add(counter("given_up", "Requests failed for good", counts.givenUp()));
      to.add(counter("not_in_time", "Callers whose wait has run out", counts.notInTime()));
      to.add(counter("overloaded", "Requests refused because of a bound", counts.overloaded()));
      to.add(counter("redelivered", "Deliveries that were not the first", counts.redelivered()));
      to.add(counter("stale", "Answers dropped: their epoch had passed", counts.stale()));
    }

    private MetricFamilySamples counter(String name, String help, double value) {
      return new CounterMetricFamily(prefix + name, help, value);
    }
  }

  private static final class SupervisorCollector extends Collector {
    private final Topology supervisor;
    private final String prefix;

    SupervisorCollector(Topology supervisor, String prefix) {
      this.supervisor = supervisor;
      this.prefix = prefix;
    }

    /** As above. */
    @Override
    public List<MetricFamilySamples> collect() {
      var families = new ArrayList<MetricFamilySamples>();
      Answers.all(List.of(reply(supervisor.view()))).forEach(view -> add(view, families));
      return families;
    }

    private void add(MeshView view, List<MetricFamilySamples> to) {
      MetricGauge gauges = gauges(prefix, to);
      to.add(workers(view));
      gauges.add(
          "out_of_service",
          "Workers that have failed too often and are not started again: the alarm",
          count(view, WorkerState.OUT_OF_SERVICE));
      gauges.add("gathering", "Whether no shards are given yet", view.isGathering() ? 1 : 0);
      gauges.add("shards", "Shards of all groups", view.shards().size());
      gauges.add(
          "unowned_shards",
          "Shards that move or that nobody is there to own",
          view.shards().stream().filter(shard -> shard.owner() == null).count());
      gauges.add(
          "routers",
          "Routers that are linked",
          view.routers().stream().filter(MeshView.Router::isLinked).count());
      gauges.add(
          "heartbeat_age_seconds",
          "Since the last sign of life of the worker that is silent the longest",
          view.workers().stream()
              .map(MeshView.Worker::sinceHeartbeat)
              .filter(Objects::nonNull)
              .mapToDouble(MeshMetrics::seconds)
              .max()
              .orElse(0));
      to.add(
          new CounterMetricFamily(
              prefix + "reassignments", "Shards given to another worker", view.reassignments()));
      addRestarts(view, to);
    }

    /** Of launched members only, so that it does not fall when others are forgotten. */
    private void addRestarts(MeshView view, List<MetricFamilySamples> to) {
      var restarts =
          new CounterMetricFamily(
              prefix + "restarts", "Times that a member was started again", List.of("kind"));
      restarts.addMetric(
          List.of("worker"), view.workers().stream().mapToInt(MeshView.Worker::restarts).sum());
      restarts.addMetric(
          List.of("router"), view.routers().stream().mapToInt(MeshView.Router::restarts).sum());
      to.add(restarts);
    }

    private MetricFamilySamples workers(MeshView view) {
      var family = new GaugeMetricFamily(prefix + "workers", "Workers, by state", List.of("state"));
      for (WorkerState state : WorkerState.values()) {
        family.addMetric(List.of(state.name().toLowerCase(Locale.ROOT)), count(view, state));
      }
      return family;
    }

    private static long count(MeshView view, WorkerState state) {
      return view.workers().stream().filter(worker -> worker.state() == state).count();
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
