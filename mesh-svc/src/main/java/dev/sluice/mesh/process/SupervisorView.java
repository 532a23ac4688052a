package dev.sluice.mesh.process;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who owns what, and how the workers are.
 *
 * @param shards by number
 * @param workers by number
 * @param reassignments how many times a shard has been given to a worker, its first owner not
 *     counted
 */
public record SupervisorView(List<Shard> shards, List<Worker> workers, long reassignments) {

  /**
   * A shard.
   *
   * @param owner null while it moves or nobody is there to own it
   * @param epoch of its present or last ownership; 0 when it has had no owner yet
   */
  public record Shard(int shard, @Nullable String owner, long epoch) {}

  /**
   * A worker.
   *
   * @param sinceHeartbeat since its last sign of life, or since it was started; null when no
   *     process of it runs
   * @param restarts how many times it has been started again
   * @param reason why its last process was given up; null when none was
   */
  public record Worker(
      String name,
      WorkerState state,
      @Nullable Duration sinceHeartbeat,
      int restarts,
      @Nullable String reason) {}
}
