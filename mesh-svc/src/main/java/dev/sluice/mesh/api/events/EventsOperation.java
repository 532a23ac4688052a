package dev.sluice.mesh.api.events;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.mesh.api.EdgeSettings;
import dev.sluice.mesh.api.Refusals;
import dev.sluice.mesh.api.mesh.MeshOperation;
import dev.sluice.mesh.model.MeshEvent;
import dev.sluice.mesh.process.Topology;
import dev.sluice.service.Problems;
import dev.sluice.service.life.ServiceLife;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/**
 * Tells watchers what happens: what HTTP and gRPC have in common. Each has a process of its own,
 * which ends when the service stops.
 */
@Singleton
@Startup
public class EventsOperation {
  private final MeshOperation mesh;
  private final Scope scope;
  private final Duration heartbeat;

  /** Closed when the service stops. */
  private final Channel<Void> stopping;

  @Inject
  EventsOperation(MeshOperation mesh, ServiceLife life, EdgeSettings settings) {
    this.mesh = mesh;
    this.scope = life.scope();
    this.heartbeat = settings.heartbeat();
    this.stopping = Channel.rendezvous();
    life.onDrain(stopping::tryClose);
  }

  /** Begins to watch; looks after that, so that nothing is missed. */
  public CompletionStage<Watched> watch() {
    return mesh.topology()
        .watch()
        .exceptionally(MeshOperation::fail)
        .thenCompose(watch ->
            mesh.view()
                .thenApply(view -> new Watched(watch, view))
                .whenComplete((_, failure) -> endUnless(failure == null, watch)));
  }

  /** Starts a process that tells the watcher all that happens, until it is gone. */
  public <T extends EventsOutlet> T start(Watched watched, T outlet) {
    var _ = outlet.gone().thenRun(watched.watch().end());
    try {
      scope.start("events", () -> run(watched, outlet));
    } catch (CancellationException stopped) {
      watched.watch().end().run();
      throw Refusals.draining();
    }
    return outlet;
  }

  private static void endUnless(boolean watching, Topology.Watch watch) {
    if (!watching) {
      watch.end().run();
    }
  }

  private void run(Watched watched, EventsOutlet outlet) {
    try {
      tell(watched, outlet);
    } catch (InterruptedException stopped) {
      outlet.end(Refusals.draining());
    } catch (RuntimeException fault) { // it must not end the service
      outlet.end(Problems.of(fault, "events"));
    } finally {
      watched.watch().end().run();
    }
  }

  private void tell(Watched watched, EventsOutlet outlet) throws InterruptedException {
    if (!outlet.awaitReady(heartbeat.multipliedBy(2))) {
      outlet.hangUp();
      return;
    }
    outlet.send(watched.first());
    var select = Select.fair(scope.clock());
    var event = select.receive(watched.watch().events());
    var stop = select.receive(stopping);
    select.after(heartbeat);
    while (outlet.awaitReady(heartbeat.multipliedBy(2))) {
      var what = select.await();
      if (what == stop) {
        outlet.end(Refusals.draining());
        return;
      }
      if (what != event) {
        outlet.heartbeat();
      } else if (event.isClosed()) {
        outlet.end(
            Refusals.overloaded(
                "the watch has ended: the supervisor has gone, or it was read too slowly"));
        return;
      } else {
        outlet.send(Objects.<MeshEvent>requireNonNull(event.value()));
      }
    }
    outlet.hangUp();
  }
}
