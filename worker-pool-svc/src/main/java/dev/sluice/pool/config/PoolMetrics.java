package dev.sluice.pool.config;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.pool.process.GetQueue;
import dev.sluice.pool.process.QueueSnapshot;
import dev.sluice.pool.process.WorkerPool;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The numbers of the queue as metrics: {@code sluice_pool_...}. The process that owns them is asked
 * when Prometheus asks, so they are of one instant.
 */
@Singleton
public class PoolMetrics {

  @SuppressWarnings("deprecation") // as in ChannelMetrics
  void register(
      @Observes StartupEvent started,
      PrometheusMeterRegistry registry,
      WorkerPool pool,
      @ConfigProperty(name = "sluice.metrics.prefix") String prefix) {
    registry.getPrometheusRegistry().register(new QueueCollector(pool, prefix + "_"));
  }

  private static final class QueueCollector extends Collector {
    private static final long PATIENCE_MILLIS = 500;

    private final WorkerPool pool;
    private final String prefix;

    QueueCollector(WorkerPool pool, String prefix) {
      this.pool = pool;
      this.prefix = prefix;
    }

    /** Nothing when the queue does not answer; its heartbeat tells of that. */
    @Override
    public List<MetricFamilySamples> collect() {
      return ask().map(this::families).orElse(List.of());
    }

    private List<MetricFamilySamples> families(QueueSnapshot queue) {
      return List.of(
          gauge("capacity", "The most jobs that may be unfinished", queue.capacity()),
          gauge("workers", "Calls that are made at once", queue.workers()),
          jobs(queue),
          gauge("waiting", "Requests that wait for room", queue.waiting()),
          gauge("content_chars", "Content of unfinished jobs and of requests", queue.content()),
          counter("accepted", "Jobs accepted", queue.accepted()),
          counter("loaded", "Jobs left over from the run before", queue.loaded()),
          counter("refused", "Requests refused for want of room", queue.refused()),
          counter("succeeded", "Jobs that have succeeded", queue.succeeded()),
          counter("failed", "Jobs that were given up", queue.failed()),
          counter("attempts", "Attempts that have ended", queue.attempts()),
          counter("retried", "Attempts that failed and are followed by another", queue.retried()),
          counter("attempt_seconds", "Time that attempts took", seconds(queue)));
    }

    private static double seconds(QueueSnapshot queue) {
      return queue.attemptTime().toNanos() / 1e9;
    }

    private MetricFamilySamples jobs(QueueSnapshot queue) {
      var jobs = new GaugeMetricFamily(prefix + "jobs", "Unfinished jobs", List.of("state"));
      jobs.addMetric(List.of("queued"), queue.queued());
      jobs.addMetric(List.of("running"), queue.running());
      jobs.addMetric(List.of("retrying"), queue.retrying());
      return jobs;
    }

    private MetricFamilySamples gauge(String name, String help, double value) {
      return new GaugeMetricFamily(prefix + name, help, value);
    }

    private MetricFamilySamples counter(String name, String help, double value) {
      return new CounterMetricFamily(prefix + name, help, value);
    }

    private Optional<QueueSnapshot> ask() {
      var reply = new Reply<QueueSnapshot>();
      try {
        return pool.trySend(new GetQueue(reply))
            ? Optional.of(
                reply.stage().toCompletableFuture().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
            : Optional.empty();
      } catch (ChannelClosedException | ExecutionException | TimeoutException noAnswer) {
        return Optional.empty();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }
}
