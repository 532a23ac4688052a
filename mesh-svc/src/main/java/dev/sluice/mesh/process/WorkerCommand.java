package dev.sluice.mesh.process;

import dev.sluice.mesh.store.ShardState;

/** What the supervisor sends to a worker. */
sealed interface WorkerCommand {

  /** The shard is the worker's from now on; it says {@link Report.Owned}. */
  record Own(int shard, long epoch, ShardState state) implements WorkerCommand {}

  /**
   * The shard is the worker's no longer; it hands over what it knows by {@link Report.Released}.
   */
  record Release(int shard, long epoch) implements WorkerCommand {}
}
