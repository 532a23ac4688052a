package dev.sluice.mesh.api.mesh;

import dev.sluice.mesh.model.MeshView;
import dev.sluice.mesh.model.RouterCounts;
import dev.sluice.mesh.model.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the mesh is, as its supervisor sees it: who owns what, how the members are, what the routers
 * have in hand and have done.
 *
 * @param gathering whether the supervisor has just started and does not give shards yet
 * @param heartbeat how often members beat
 * @param reassignments how many times a shard has been given to a worker, its first owner not
 *     counted
 */
@Schema(name = "MeshOverview")
public record MeshOverview(
    boolean gathering,
    @Schema(implementation = String.class) Duration heartbeat,
    List<Group> groups,
    List<Shard> shards,
    List<Worker> workers,
    List<Router> routers,
    long reassignments) {

  /** Workers that serve the same operations. */
  @Schema(name = "Group")
  public record Group(String name, List<String> ops) {}

  /**
   * A shard.
   *
   * @param worker its owner; null while it moves or nobody is there to own it
   * @param epoch of its present or last ownership; 0 when it has had no owner yet
   */
  @Schema(name = "Shard")
  public record Shard(String group, int shard, @Nullable String worker, long epoch) {}

  /**
   * A worker.
   *
   * @param state {@code starting}, {@code live}, {@code leaving}, {@code restarting}, {@code gone}
   *     or {@code out_of_service}
   * @param incarnation tells its processes apart
   * @param pid null when it has no process of its own
   * @param sinceHeartbeat since its last sign of life; null when no process of it counts
   * @param inFlight requests that are with it, of all routers
   * @param served requests that it has answered, to all routers
   * @param restarts how many times it has been started again
   * @param reason why its last process was given up; null when none was
   */
  @Schema(name = "Worker")
  public record Worker(
      String name,
      String group,
      @Schema(enumeration = {"starting", "live", "leaving", "restarting", "gone", "out_of_service"})
          String state,
      long incarnation,
      @Nullable Long pid,
      @Schema(implementation = String.class) @Nullable Duration sinceHeartbeat,
      int inFlight,
      long served,
      int restarts,
      @Nullable String reason) {}

  /**
   * A router.
   *
   * @param target where workers reach it
   * @param linked whether it is linked with the supervisor
   * @param pid null when it has no process of its own
   * @param sinceHeartbeat since its last sign of life; null when none came yet
   * @param counts the last that it told; null when it has told none yet
   */
  @Schema(name = "Router")
  public record Router(
      String name,
      String target,
      boolean linked,
      @Nullable Long pid,
      @Schema(implementation = String.class) @Nullable Duration sinceHeartbeat,
      int restarts,
      @Nullable Counts counts) {}

  /**
   * What a router has in hand and has done.
   *
   * @param inFlight requests accepted and not answered
   * @param waiting those of them that are with no worker
   * @param logged those of them that are in its log
   * @param accepted requests taken in
   * @param answered those that a worker has answered
   * @param recovered those that came from the log at its start
   * @param givenUp those that were failed after too many deliveries, or as no worker was left
   * @param notInTime callers whose wait has run out
   * @param overloaded requests refused because of a bound
   * @param redelivered deliveries of a request that had been delivered before
   * @param stale answers dropped because their epoch or incarnation had passed
   */
  @Schema(name = "RouterCounts")
  public record Counts(
      int inFlight,
      int waiting,
      int logged,
      long accepted,
      long answered,
      long recovered,
      long givenUp,
      long notInTime,
      long overloaded,
      long redelivered,
      long stale) {}

  /** Renders it. */
  public static MeshOverview of(MeshView view) {
    return new MeshOverview(
        view.isGathering(),
        view.heartbeat(),
        view.groups().stream()
            .map(group -> new Group(group.name(), List.copyOf(group.ops())))
            .toList(),
        view.shards().stream().map(MeshOverview::shard).toList(),
        view.workers().stream().map(worker -> worker(worker, loads(worker, view))).toList(),
        view.routers().stream().map(MeshOverview::router).toList(),
        view.reassignments());
  }

  /** What a state is called. */
  public static String name(WorkerState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Shard shard(MeshView.Shard shard) {
    return new Shard(shard.slice().group(), shard.slice().shard(), shard.owner(), shard.epoch());
  }

  private static List<RouterCounts.Load> loads(MeshView.Worker worker, MeshView view) {
    return view.routers().stream()
        .map(MeshView.Router::counts)
        .filter(Objects::nonNull)
        .map(counts -> counts.workers().get(worker.name()))
        .filter(Objects::nonNull)
        .toList();
  }

  private static Worker worker(MeshView.Worker worker, List<RouterCounts.Load> loads) {
    return new Worker(
        worker.name(),
        worker.group(),
        name(worker.state()),
        worker.incarnation(),
        worker.pid(),
        worker.sinceHeartbeat(),
        loads.stream().mapToInt(RouterCounts.Load::inFlight).sum(),
        loads.stream().mapToLong(RouterCounts.Load::served).sum(),
        worker.restarts(),
        worker.reason());
  }

  private static Router router(MeshView.Router router) {
    return new Router(
        router.name(),
        router.target(),
        router.isLinked(),
        router.pid(),
        router.sinceHeartbeat(),
        router.restarts(),
        router.counts() == null ? null : counts(router.counts()));
  }

  private static Counts counts(RouterCounts counts) {
    return new Counts(
        counts.inFlight(),
        counts.waiting(),
        counts.logged(),
        counts.accepted(),
        counts.answered(),
        counts.recovered(),
        counts.givenUp(),
        counts.notInTime(),
        counts.overloaded(),
        counts.redelivered(),
        counts.stale());
  }
}
