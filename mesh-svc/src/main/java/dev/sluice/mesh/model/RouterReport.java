package dev.sluice.mesh.model;

/** What a router sends to the supervisor, after its {@link RouterJoin}; heartbeats apart. */
public sealed interface RouterReport {

  /** What it has in hand and has done; about once a heartbeat. */
  record Counts(RouterCounts counts) implements RouterReport {}

  /** It takes no more, and has finished all that was accepted; the last message. */
  record Drained() implements RouterReport {}
}
