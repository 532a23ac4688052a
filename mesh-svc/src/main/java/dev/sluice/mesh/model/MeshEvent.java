package dev.sluice.mesh.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What happens to the members and shards of the mesh. */
public sealed interface MeshEvent {

  /** A worker's process has joined, for the first time or again. */
  record WorkerJoined(WorkerId worker, String group, @Nullable Long pid) implements MeshEvent {}

  /**
   * A worker's process is stuck, dead or gone and does not count any more.
   *
   * @param silent since its last sign of life
   * @param next what becomes of the worker
   */
  record WorkerFenced(WorkerId worker, String reason, Duration silent, WorkerState next)
      implements MeshEvent {}

  /** A worker has failed too often: the alarm. It is not started again. */
  record WorkerOutOfService(String worker, String reason) implements MeshEvent {}

  /** A slice has an owner, who knows it; the routers are told. */
  record ShardOwned(Slice slice, WorkerId owner, long epoch) implements MeshEvent {}

  /** A router has joined. */
  record RouterJoined(String router, String target, @Nullable Long pid) implements MeshEvent {}

  /** A router's link is gone. */
  record RouterLeft(String router, String reason) implements MeshEvent {}
}
