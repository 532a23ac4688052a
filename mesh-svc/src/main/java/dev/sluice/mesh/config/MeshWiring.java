package dev.sluice.mesh.config;

import dev.sluice.mesh.process.Mesh;
import dev.sluice.mesh.process.MeshEvent;
import dev.sluice.mesh.process.MeshSettings;
import dev.sluice.mesh.process.Operations;
import dev.sluice.mesh.store.MemoryShardStore;
import dev.sluice.service.life.ServiceLife;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Puts the service together. */
@Singleton
public class MeshWiring {
  private static final Logger LOG = Logger.getLogger(MeshWiring.class);

  /** Starts the mesh's processes. */
  @Produces
  @Singleton
  @Startup
  Mesh mesh(ServiceLife life, MeshConfig config, MeterRegistry metrics)
      throws InterruptedException {
    int shards = config.shards();
    Counter fenced = metrics.counter("sluice_mesh_workers_fenced");
    Counter owned = metrics.counter("sluice_mesh_shard_ownerships");
    Mesh mesh =
        Mesh.start(
            life.scope(),
            life.monitor(),
            settings(config),
            Operations.builtIn(),
            from ->
                new MemoryShardStore(
                    Math.ceilDiv(config.maxKeys(), shards),
                    Math.ceilDiv(config.maxAnswered(), shards),
                    Math.ceilDiv(config.maxAnsweredChars(), shards),
                    from),
            event -> tell(event, fenced, owned));
    life.onDrain(mesh::close);
    return mesh;
  }

  private static MeshSettings settings(MeshConfig config) {
    var restarts = config.restarts();
    return new MeshSettings(
        config.shards(),
        config.workers(),
        config.heartbeat(),
        new MeshSettings.Waits(config.usualWait(), config.maxWait()),
        new MeshSettings.Bounds(
            config.inbox(),
            config.window(),
            config.inFlight(),
            config.inFlightPerShard(),
            config.inFlightChars(),
            config.redeliveries(),
            config.knownIds()),
        new MeshSettings.Restarts(
            restarts.backoff(), restarts.maxBackoff(), restarts.failures(), restarts.window()));
  }

  private static void tell(MeshEvent event, Counter fenced, Counter owned) {
    switch (event) {
      case MeshEvent.WorkerStarted started -> LOG.debugf("%s", started);
      case MeshEvent.WorkerFenced worker -> {
        LOG.warnf("%s is fenced: %s; now %s", worker.worker(), worker.reason(), worker.next());
        fenced.increment();
      }
      case MeshEvent.ShardOwned shard -> {
        LOG.debugf("%s", shard);
        owned.increment();
      }
    }
  }
}
