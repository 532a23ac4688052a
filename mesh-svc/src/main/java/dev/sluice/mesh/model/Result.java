package dev.sluice.mesh.model;

/** What became of a delivery, as the worker says. */
public sealed interface Result {

  /** It has been run, now or earlier; the reply is JSON. */
  record Replied(String reply) implements Result {}

  /** The operation cannot run it; the caller is told the reason. */
  record Failed(String reason) implements Result {}

  /** The operation, or what keeps its state, has a fault; the reason is for the log. */
  record Faulty(String reason) implements Result {}

  /** Its id has been used for something else; it has not been run. */
  record Conflicts() implements Result {}

  /** The shard has no room for another key; it has not been run. */
  record Full(String reason) implements Result {}

  /** The worker does not own the shard in the delivery's epoch; it has not been run. */
  record Stale() implements Result {}
}
