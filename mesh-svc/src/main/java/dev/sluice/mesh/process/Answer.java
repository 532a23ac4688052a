package dev.sluice.mesh.process;

/**
 * What a worker answers to the router: one message a delivery, in the order of the deliveries.
 *
 * @param number of the delivery
 */
record Answer(String worker, int incarnation, long number, Result result) {

  /** What became of the delivery. */
  sealed interface Result {

    /** It has been run, now or earlier; the reply is JSON. */
    record Replied(String reply) implements Result {}

    /** The operation cannot run it. */
    record Failed(String reason) implements Result {}

    /** The operation, or what keeps its state, has a fault. */
    record Faulty(RuntimeException fault) implements Result {}

    /** Its id has been used for something else. */
    record Conflicts() implements Result {}

    /** The shard has no room for another key. */
    record Full(String reason) implements Result {}

    /** The worker does not own the shard in the delivery's epoch; nothing has been run. */
    record Stale() implements Result {}
  }
}
