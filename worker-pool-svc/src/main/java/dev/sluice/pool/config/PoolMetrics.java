package dev.sluice.pool.config;

import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.process.PoolCounts;
import dev.sluice.pool.process.QueueLook;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Answers;
import dev.sluice.store.StoreStatus;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The pool as metrics: {@code sluice_pool_...}. Its dispatcher is asked when Prometheus asks. They
 * say how many jobs are where, what has happened, and where backpressure takes effect: who waits
 * for whom, and who was refused.
 */
@Singleton
public class PoolMetrics {
  /** Stands for the queues that have no label of their own. */
  static final String OTHER = "other";

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      WorkerPool pool,
      PoolConfig config,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry
        .getPrometheusRegistry()
        .register(new PoolCollector(pool, prefix + "_", config.metrics().queues()));
  }

  private static final class PoolCollector extends Collector {
    private static final List<String> STATES =
        List.of(
            "scheduled",
            "blocked",
            "queued",
            "running",
            "retrying",
            "succeeded",
            "failed",
            "cancelled");

    private final WorkerPool pool;
    private final String prefix;
    private final int labels;

    PoolCollector(WorkerPool pool, String prefix, int labels) {
      this.pool = pool;
      this.prefix = prefix;
      this.labels = labels;
    }

    /** Nothing when the dispatcher does not answer; its heartbeat tells of that. */
    @Override
    public List<MetricFamilySamples> collect() {
      var families = new ArrayList<MetricFamilySamples>();
      Answers.all(List.of(pool.counts())).forEach(counts -> addPool(counts, families));
      Answers.all(List.of(pool.queues())).forEach(queues -> addQueues(byLabel(queues), families));
      Answers.all(List.of(pool.store())).forEach(store -> addStore(store, families));
      return families;
    }

    private void addPool(PoolCounts now, List<MetricFamilySamples> to) {
      to.add(gauge("workers", "Calls that can be made at once", now.workers()));
      to.add(gauge("calls", "Calls that run", now.calls()));
      to.add(gauge("held", "Jobs in hand that wait for their host", now.held()));
      to.add(gauge("open_breakers", "Hosts that are left alone", now.openBreakers()));
      to.add(
          gauge("unsaved", "Outcomes of calls that the engine has not taken yet", now.unsaved()));
      to.add(gauge("waiting_submits", "Submits that wait for room", now.waitingSubmits()));
      to.add(gauge("waiting_submits_bytes", "Payloads of submits that wait", now.waitingBytes()));
      to.add(gauge("waiting_leases", "Workers that wait for jobs", now.waitingLeases()));
      to.add(gauge("waiting_results", "Requests that wait for a result", now.waitingResults()));
      to.add(gauge("watches", "Watches of jobs and queues", now.watches()));
      to.add(counter("calls_made", "Calls that have ended", now.callsMade()));
      to.add(counter("call_seconds", "Time that calls took", now.callTime().toNanos() / 1e9));
      addEvents(now.events(), to);
    }

    private void addEvents(PoolCounts.Events all, List<MetricFamilySamples> to) {
      to.add(counter("accepted", "Jobs accepted", all.accepted()));
      to.add(counter("existing", "Submits that were a job there was already", all.existing()));
      var refused =
          new CounterMetricFamily(prefix + "refused", "Requests refused", List.of("reason"));
      refused.addMetric(List.of("full"), all.refusedFull());
      refused.addMetric(List.of("overloaded"), all.refusedOverloaded());
      to.add(refused);
      to.add(counter("leased", "Jobs handed out", all.leased()));
      to.add(
          counter("handed_back", "Jobs taken back, their attempt not counted", all.handedBack()));
      to.add(counter("succeeded", "Jobs done", all.succeeded()));
      to.add(counter("failed", "Jobs given up", all.failed()));
      to.add(counter("cancelled", "Jobs that nobody wanted any more", all.cancelled()));
      to.add(counter("retried", "Attempts that failed and are followed by another", all.retried()));
      to.add(counter("scheduled", "Jobs submitted by schedules", all.scheduled()));
      to.add(counter("missed", "Times of schedules for which no job was submitted", all.missed()));
    }

    private void addQueues(Map<String, List<QueueLook>> all, List<MetricFamilySamples> to) {
      var jobs =
          new GaugeMetricFamily(prefix + "jobs", "Jobs there are", List.of("queue", "state"));
      all.forEach((label, queues) -> {
        for (int state = 0; state < STATES.size(); state++) {
          int which = state;
          jobs.addMetric(List.of(label, STATES.get(state)), sum(queues, each -> jobs(each, which)));
        }
      });
      to.add(jobs);
      to.add(ofQueues("queue_bytes", "Payloads of unfinished jobs", all, q -> q.counts().bytes()));
      to.add(
          ofQueues(
              "queue_capacity",
              "The most unfinished jobs",
              all,
              q -> q.queue().settings().capacity()));
      to.add(
          ofQueues("queue_paused", "Queues that are paused", all, q -> q.queue().paused() ? 1 : 0));
      to.add(
          ofQueues(
              "queue_waiting_submits",
              "Submits that wait for room",
              all,
              QueueLook::waitingSubmits));
      to.add(
          ofQueues(
              "queue_waiting_leases", "Workers that wait for jobs", all, QueueLook::waitingLeases));
      to.add(ofQueues("queue_calls", "Calls that run", all, QueueLook::calls));
    }

    private static double jobs(QueueLook queue, int state) {
      QueueCounts counts = queue.counts();
      long[] inOrder = {
        counts.scheduled(),
        counts.blocked(),
        counts.queued(),
        counts.running(),
        counts.retrying(),
        counts.succeeded(),
        counts.failed(),
        counts.cancelled()
      };
      return inOrder[state];
    }

    private MetricFamilySamples ofQueues(
        String name,
        String help,
        Map<String, List<QueueLook>> all,
        ToDoubleFunction<QueueLook> value) {
      var family = new GaugeMetricFamily(prefix + name, help, List.of("queue"));
      all.forEach((label, queues) -> family.addMetric(List.of(label), sum(queues, value)));
      return family;
    }

    private static double sum(List<QueueLook> queues, ToDoubleFunction<QueueLook> value) {
      return queues.stream().mapToDouble(value).sum();
    }

    /** The first by name have their own label. */
    private Map<String, List<QueueLook>> byLabel(List<QueueLook> queues) {
      var all = new LinkedHashMap<String, List<QueueLook>>();
      for (int i = 0; i < queues.size(); i++) {
        String label = i < labels ? queues.get(i).queue().name() : OTHER;
        all.computeIfAbsent(label, _ -> new ArrayList<>()).add(queues.get(i));
      }
      return all;
    }

    private void addStore(StoreStatus store, List<MetricFamilySamples> to) {
      var up =
          new GaugeMetricFamily(
              prefix + "store_up", "Whether the engine is asked (1) or not (0)", List.of("node"));
      store.nodes().forEach(node -> up.addMetric(List.of(node.name()), node.up() ? 1 : 0));
      to.add(up);
      to.add(counter("store_asked", "Operations sent to the engine", store.asked()));
      to.add(counter("store_failed", "Operations that brought no outcome", store.failed()));
      to.add(
          counter(
              "store_unasked",
              "Operations not sent because the engine is known to be down",
              store.unasked()));
    }

    private MetricFamilySamples gauge(String name, String help, double value) {
      return new GaugeMetricFamily(prefix + name, help, value);
    }

    private MetricFamilySamples counter(String name, String help, double value) {
      return new CounterMetricFamily(prefix + name, help, value);
    }
  }
}
