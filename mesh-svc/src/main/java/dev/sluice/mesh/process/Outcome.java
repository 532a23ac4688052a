package dev.sluice.mesh.process;

/** What becomes of a request, as its caller is told. */
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
  record Faulty(int shard, String worker, long epoch, RuntimeException fault) implements Outcome {}

  /** Its key is new, and its shard has no room for another; it has not been run. */
  record NoRoom(int shard, String worker, long epoch, String reason) implements Outcome {}

  /** Its id belongs to a request that asks something else; it has not been run. */
  record Conflict() implements Outcome {}

  /** The caller's wait has run out. The request stays accepted: it may still be run. */
  record NotInTime(int shard) implements Outcome {}

  /** The router has as much in hand as it takes; the request has not been accepted. */
  record Overloaded(String reason) implements Outcome {}

  /** So many workers, one after the other, got stuck or died while they were running it. */
  record GivenUp(int shard, int workers) implements Outcome {}

  /** Every worker is out of service. */
  record OutOfService(int shard) implements Outcome {}
}
