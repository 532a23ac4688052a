package dev.sluice.pool.api.events;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.pool.api.EdgeSettings;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.api.JobId;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.process.RefusedException;
import dev.sluice.pool.process.Watch;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Limits;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.Problems;
import dev.sluice.service.life.ServiceLife;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells watchers what happens: what HTTP and gRPC have in common. Each has a process of its own.
 */
@Singleton
public class EventsOperation {
  private final WorkerPool pool;
  private final Scope scope;
  private final Clock clock;
  private final Limits limits;
  private final Duration heartbeat;

  @Inject
  EventsOperation(WorkerPool pool, ServiceLife life, Limits limits, EdgeSettings settings) {
    this.pool = pool;
    this.scope = life.scope();
    this.clock = scope.clock();
    this.limits = limits;
    this.heartbeat = settings.heartbeat();
  }

  /** Begins to watch a job; not-found when it is not there. */
  public Pending<Watched> watchJob(String id) {
    UUID which = JobId.parse(id);
    Pending<Watch> watch =
        Refusals.ask(
            () -> pool.watchJob(which),
            found -> found.orElseThrow(() -> Refusals.unknownJob(which)));
    return Refusals.then(watch, begun -> first(which, begun));
  }

  /** Begins to watch a queue, also one that is not there yet. */
  public Pending<Watched> watchQueue(String name) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    checks.name("queue", name);
    checks.require();
    return Refusals.ask(() -> pool.watchQueue(name), watch -> new Watched(watch, null));
  }

  /** Looks after it watches, so that nothing is missed; what happens in between may come twice. */
  private Pending<Watched> first(UUID id, Watch watch) {
    try {
      Pending<Watched> first = Refusals.ask(() -> pool.find(id), found -> first(id, watch, found));
      first.answer().whenComplete((_, failure) -> unwatchUnless(failure == null, watch));
      return first;
    } catch (ProblemException refused) {
      unwatchUnless(false, watch);
      throw refused;
    }
  }

  private Watched first(UUID id, Watch watch, Optional<JobView> found) {
    JobView job = found.orElseThrow(() -> Refusals.unknownJob(id));
    return new Watched(watch, event(job));
  }

  private EventAnswer event(JobView job) {
    return EventAnswer.of(job, clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /**
   * Starts a process that tells the watcher all that happens.
   *
   * @return the same
   */
  public <T extends EventsOutlet> T start(Watched watched, T outlet) {
    try {
      scope.start("events", () -> run(watched, outlet));
    } catch (CancellationException stopped) {
      unwatchUnless(false, watched.watch());
      throw Refusals.draining();
    }
    return outlet;
  }

  private void run(Watched watched, EventsOutlet outlet) {
    try {
      tell(watched, outlet);
    } catch (InterruptedException stopped) {
      outlet.end(Refusals.draining());
    } catch (RuntimeException fault) { // it must not end the service
      outlet.end(Problems.of(fault, "events"));
    } finally {
      unwatchUnless(false, watched.watch());
    }
  }

  private void tell(Watched watched, EventsOutlet outlet) throws InterruptedException {
    ReceiveChannel<Change> changes = watched.watch().changes();
    EventAnswer event = watched.first();
    while (outlet.awaitReady(heartbeat.multipliedBy(2))) {
      if (event == null) {
        outlet.heartbeat();
      } else {
        outlet.send(event);
      }
      if (event != null && event.last() && watched.isOfJob()) {
        outlet.end(null);
        return;
      }
      Change change = changes.tryReceive(heartbeat);
      event = change == null ? null : EventAnswer.of(change);
      if (change == null && changes.isClosedForReceive()) {
        event = end(watched);
        if (event == null) {
          outlet.end(
              Refusals.overloaded(
                  "the watch has ended: the service stops, or it was read too slowly"));
          return;
        }
      }
    }
    outlet.hangUp();
  }

  /** How the job has ended, of which the watch did not tell: by another instance. */
  private @Nullable EventAnswer end(Watched watched) throws InterruptedException {
    if (watched.first() == null) {
      return null;
    }
    try {
      Optional<JobView> job = pool.find(watched.first().id()).await();
      return job.filter(found -> found.state().isFinished()).map(this::event).orElse(null);
    } catch (RefusedException refused) {
      return null;
    }
  }

  private void unwatchUnless(boolean watching, Watch watch) {
    if (!watching) {
      try {
        pool.unwatch(watch);
      } catch (RefusedException | ChannelClosedException ended) {
        // all watches have ended
      }
    }
  }
}
