package dev.sluice.mesh.process;

/** What the router sends to a worker, at most a window of it unanswered. */
sealed interface RouterToWorker {

  /**
   * A request to run.
   *
   * @param number of the delivery; the answer carries it
   * @param epoch the ownership under which the router believes the shard to be
   */
  record Deliver(long number, int shard, long epoch, Request request) implements RouterToWorker {}
}
