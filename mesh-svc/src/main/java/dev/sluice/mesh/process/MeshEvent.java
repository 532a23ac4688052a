package dev.sluice.mesh.process;

/** What happens to workers and shards, for a log. */
public sealed interface MeshEvent {

  /** A worker's process has been started, for the first time or again. */
  record WorkerStarted(String worker, int incarnation) implements MeshEvent {}

  /**
   * A worker's process is stuck or dead and does not count any more.
   *
   * @param next {@link WorkerState#RESTARTING} or {@link WorkerState#OUT_OF_SERVICE}
   */
  record WorkerFenced(String worker, int incarnation, String reason, WorkerState next)
      implements MeshEvent {}

  /** A shard has an owner, who knows it; the router is told. */
  record ShardOwned(int shard, String worker, long epoch) implements MeshEvent {}
}
