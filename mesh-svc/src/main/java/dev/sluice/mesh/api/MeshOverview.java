package dev.sluice.mesh.api;

import dev.sluice.mesh.process.MeshView;
import dev.sluice.mesh.process.RouterView;
import dev.sluice.mesh.process.SupervisorView;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the mesh is: who owns what, how the workers are, what the router has in hand and has done.
 *
 * @param reassignments how many times a shard has moved
 */
@Schema(name = "MeshOverview")
public record MeshOverview(
    List<Shard> shards, List<Worker> workers, Router router, long reassignments) {

  /**
   * A shard.
   *
   * @param worker its owner; null while it moves
   * @param epoch of the ownership
   */
  @Schema(name = "Shard")
  public record Shard(int shard, @Nullable String worker, long epoch) {}

  /**
   * A worker.
   *
   * @param state {@code starting}, {@code live}, {@code restarting} or {@code out_of_service}
   * @param sinceHeartbeat since its last sign of life; null when no process of it runs
   * @param inFlight requests that are with it
   * @param served requests that it has answered
   * @param restarts how many times it has been started again
   * @param reason why its last process was given up; null when none was
   */
  @Schema(name = "Worker")
  public record Worker(
      String name,
      String state,
      @Schema(implementation = String.class) @Nullable Duration sinceHeartbeat,
      int inFlight,
      long served,
      int restarts,
      @Nullable String reason) {}

  /**
   * The router.
   *
   * @param inFlight requests accepted and not answered
   * @param accepted requests taken in
   * @param answered those that a worker has answered
   * @param givenUp those that were failed after too many deliveries, or as no worker was left
   * @param notInTime callers whose wait has run out
   * @param overloaded requests refused because of a bound
   * @param redelivered deliveries of a request that had been delivered before
   * @param stale answers dropped because their epoch had passed
   */
  @Schema(name = "Router")
  public record Router(
      int inFlight,
      long accepted,
      long answered,
      long givenUp,
      long notInTime,
      long overloaded,
      long redelivered,
      long stale) {

    static Router of(RouterView view) {
      return new Router(
          view.inFlight(),
          view.accepted(),
          view.answered(),
          view.givenUp(),
          view.notInTime(),
          view.overloaded(),
          view.redelivered(),
          view.stale());
    }
  }

  static MeshOverview of(MeshView view) {
    return new MeshOverview(
        view.supervisor().shards().stream()
            .map(shard -> new Shard(shard.shard(), shard.owner(), shard.epoch()))
            .toList(),
        view.supervisor().workers().stream().map(worker -> worker(worker, view.router())).toList(),
        Router.of(view.router()),
        view.supervisor().reassignments());
  }

  private static Worker worker(SupervisorView.Worker worker, RouterView router) {
    RouterView.Load load = router.workers().getOrDefault(worker.name(), new RouterView.Load(0, 0));
    return new Worker(
        worker.name(),
        worker.state().name().toLowerCase(Locale.ROOT),
        worker.sinceHeartbeat(),
        load.inFlight(),
        load.served(),
        worker.restarts(),
        worker.reason());
  }
}
