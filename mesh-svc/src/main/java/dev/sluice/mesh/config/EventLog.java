package dev.sluice.mesh.config;

import dev.sluice.mesh.model.MeshEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Tells the log what happens to the mesh, and counts it; for the supervisor. */
@Singleton
public class EventLog implements Consumer<MeshEvent> {
  private static final Logger LOG = Logger.getLogger("dev.sluice.mesh");

  private final Counter fenced;
  private final Counter outOfService;
  private final Counter owned;
  private final Counter joined;

  @Inject
  EventLog(MeterRegistry metrics) {
    this.fenced = counter(metrics, "workers_fenced", "Processes of workers given up");
    this.outOfService =
        counter(metrics, "workers_out_of_service", "Workers that have failed too often");
    this.owned = counter(metrics, "shard_ownerships", "Times that a worker took over a shard");
    this.joined = counter(metrics, "workers_joined", "Times that a worker joined");
  }

  private static Counter counter(MeterRegistry metrics, String name, String help) {
    return Counter.builder("sluice_mesh_" + name).description(help).register(metrics);
  }

  @Override
  public void accept(MeshEvent event) {
    switch (event) {
      case MeshEvent.WorkerJoined worker -> {
        LOG.infof("%s has joined, group %s", worker.worker(), worker.group());
        joined.increment();
      }
      case MeshEvent.WorkerFenced worker -> {
        LOG.warnf(
            "%s is fenced, silent for %s: %s; now %s",
            worker.worker(), worker.silent(), worker.reason(), worker.next());
        fenced.increment();
      }
      case MeshEvent.WorkerOutOfService worker -> {
        LOG.errorf("%s is out of service: %s", worker.worker(), worker.reason());
        outOfService.increment();
      }
      case MeshEvent.ShardOwned shard -> {
        LOG.debugf("%s", shard);
        owned.increment();
      }
      case MeshEvent.RouterJoined router ->
          LOG.infof("router %s at %s has joined", router.router(), router.target());
      case MeshEvent.RouterLeft router ->
          LOG.warnf("router %s has left: %s", router.router(), router.reason());
    }
  }
}
