package dev.sluice.mesh.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mesh, as its supervisor sees it.
 *
 * @param isGathering whether the supervisor has just started and does not give shards yet
 * @param heartbeat how often members beat
 * @param groups by name
 * @param shards by group and number
 * @param workers by name
 * @param routers by name
 * @param reassignments how many times a shard has been given to a worker, its first owner not
 *     counted
 */
public record MeshView(
    boolean isGathering,
    Duration heartbeat,
    List<Group> groups,
    List<Shard> shards,
    List<Worker> workers,
    List<Router> routers,
    long reassignments) {

  /**
   * A shard.
   *
   * @param owner null while it moves or nobody is there to own it
   * @param epoch of its present or last ownership; 0 when it has had no owner yet
   */
  public record Shard(Slice slice, @Nullable String owner, long epoch) {}

  /**
   * A worker.
   *
   * @param incarnation of its present or last process
   * @param sinceHeartbeat since its last sign of life; null when no process of it counts
   * @param restarts how many times it has been started again
   * @param reason why its last process was given up; null when none was
   */
  public record Worker(
      String name,
      String group,
      WorkerState state,
      long incarnation,
      @Nullable Long pid,
      @Nullable Duration sinceHeartbeat,
      int restarts,
      @Nullable String reason) {}

  /**
   * A router.
   *
   * @param isLinked whether its control link is there
   * @param sinceHeartbeat since its last sign of life; null when none came yet
   * @param counts the last that it told; null when it has told none yet
   */
  public record Router(
      String name,
      String target,
      boolean isLinked,
      @Nullable Long pid,
      @Nullable Duration sinceHeartbeat,
      int restarts,
      @Nullable RouterCounts counts) {}
}
