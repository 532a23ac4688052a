package dev.sluice.mesh.model;

/** What a worker sends to the supervisor, after its {@link WorkerJoin}; heartbeats apart. */
public sealed interface WorkerReport {

  /** It has taken over a shard. */
  record Owned(int shard, long epoch) implements WorkerReport {}

  /** It has let go of a shard. */
  record Released(int shard, long epoch, ShardState state) implements WorkerReport {}

  /** It wants to go in good order: its shards are asked back, then it is {@code Fenced}. */
  record Leaving() implements WorkerReport {}
}
