package dev.sluice.mesh.api.requests;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Reply;
import dev.sluice.mesh.api.EdgeSettings;
import dev.sluice.mesh.api.Refusals;
import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.process.Ask;
import dev.sluice.mesh.process.Router;
import dev.sluice.mesh.process.Told;
import dev.sluice.mesh.process.Topology;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs requests and looks for them: what HTTP and gRPC have in common. */
@Singleton
public class Requests {
  private final Optional<Router> router;
  private final Optional<Topology> topology;
  private final RequestChecks checks;
  private final RequestCounts counts;
  private final String role;

  @Inject
  Requests(
      Optional<Router> router,
      Optional<Topology> topology,
      RequestChecks checks,
      RequestCounts counts,
      EdgeSettings settings) {
    this.router = router;
    this.topology = topology;
    this.checks = checks;
    this.counts = counts;
    this.role = settings.role();
  }

  /**
   * Runs a request.
   *
   * @throws ProblemException it is not valid
   */
  public Pending<MeshAnswer> request(MeshRequest body) {
    if (router.isEmpty()) {
      return elsewhere();
    }
    Ask ask = checks.ask(body);
    return Pending.of(router.get().ask(ask), told -> answer(ask, told));
  }

  /**
   * Looks for a request.
   *
   * @throws ProblemException there can be none of this id
   */
  public Pending<MeshAnswer> find(String id) {
    if (router.isEmpty()) {
      return elsewhere();
    }
    checks.name("id", id);
    Reply<Told> asked = router.get().find(id);
    CompletionStage<MeshAnswer> answer =
        asked
            .stage()
            .handle((told, failure) -> {
              if (failure != null) {
                throw notFound(failure);
              }
              return found(id, told);
            });
    return new Pending<>(answer, asked);
  }

  private MeshAnswer answer(Ask ask, Told told) {
    counts.count(ask, told);
    return switch (told) {
      case Told.Done(Outcome.Replied replied) ->
          MeshAnswer.replied(ask.request().id(), ask.request().key(), ask.request().op(), replied);
      case Told.NotInTime(int shard) when ask.maxWait().isZero() ->
          MeshAnswer.accepted(ask.request(), shard);
      case Told problem -> throw Refusals.problem(ask.request(), problem);
    };
  }

  /** The router has ended, or has too much to do with questions. */
  private static ProblemException notFound(Throwable failure) {
    return failure instanceof ChannelClosedException || failure instanceof CancellationException
        ? Refusals.draining()
        : Refusals.overloaded("too many questions wait for the router");
  }

  private static MeshAnswer found(String id, Told told) {
    return switch (told) {
      case Told.Found found -> MeshAnswer.found(id, found.key(), found.op(), found.outcome());
      case Told.LogFailed(String reason, _) -> throw Refusals.notNow("the request log: " + reason);
      case Told.Draining() -> throw Refusals.draining();
      case Told.Overloaded(String reason) -> throw Refusals.overloaded(reason);
      case Told _ -> throw Refusals.unknown(id);
    };
  }

  /** There is no router in this process: names those that there are, if that is known. */
  private <T> Pending<T> elsewhere() {
    CompletionStage<T> answer =
        topology
            .map(Topology::view)
            .orElseGet(() -> CompletableFuture.failedStage(new IllegalStateException("no view")))
            .handle((view, failure) -> {
              throw notRouter(failure == null ? targets(view) : List.of());
            });
    return new Pending<>(answer, new Reply<>());
  }

  /** The problem of a request to a process that has no router; for streams. */
  public ProblemException notRouter(List<String> routers) {
    String where = routers.isEmpty() ? "a router" : "one of " + String.join(", ", routers);
    ProblemException problem = Refusals.otherRole(role, "requests go to " + where);
    return routers.isEmpty() ? problem : problem.with("routers", routers);
  }

  private static List<String> targets(MeshView view) {
    return view.routers().stream().map(router -> router.name() + " at " + router.target()).toList();
  }
}
