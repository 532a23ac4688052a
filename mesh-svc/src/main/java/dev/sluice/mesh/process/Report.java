package dev.sluice.mesh.process;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.store.ShardState;
import org.jspecify.annotations.Nullable;

/** What the supervisor is told, heartbeats apart. */
sealed interface Report {

  /** A worker has taken over a shard. */
  record Owned(String worker, int incarnation, int shard, long epoch) implements Report {}

  /** A worker has let go of a shard. */
  record Released(String worker, int incarnation, int shard, long epoch, ShardState state)
      implements Report {}

  /**
   * A worker's process has ended.
   *
   * @param failure what it failed with; null when it had been cancelled or its work was done
   */
  record Ended(String worker, int incarnation, @Nullable Throwable failure) implements Report {}

  /** The router has finished all that was accepted and takes no more: the mesh is to end. */
  record Drained() implements Report {}

  /** Somebody asks how things are. */
  record Look(Reply<SupervisorView> reply) implements Report {}
}
