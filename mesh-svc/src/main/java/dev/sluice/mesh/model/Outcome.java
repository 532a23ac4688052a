package dev.sluice.mesh.model;

/** What became of an accepted request for good; what the log keeps of it. */
public sealed interface Outcome {

  /**
   * It has been run.
   *
   * @param worker the shard's owner
   * @param epoch of its ownership
   * @param reply JSON
   */
  record Replied(int shard, String worker, long epoch, String reply) implements Outcome {}

  /** The operation cannot run it. */
  record Failed(int shard, String worker, long epoch, String reason) implements Outcome {}

  /** The operation, or what keeps its state, has a fault that came to light with it. */
  record Faulty(int shard, String worker, long epoch) implements Outcome {}

  /** Its key is new, and its shard has no room for another; it has not been run. */
  record NoRoom(int shard, String worker, long epoch, String reason) implements Outcome {}

  /** Its id belongs to a request that asks something else; it has not been run. */
  record Conflict() implements Outcome {}

  /** So many workers, one after the other, got stuck or died while they were running it. */
  record GivenUp(int shard, int workers) implements Outcome {}

  /** Nobody will serve its group again. */
  record OutOfService(int shard) implements Outcome {}
}
