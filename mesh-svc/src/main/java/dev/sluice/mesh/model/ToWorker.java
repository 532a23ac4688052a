package dev.sluice.mesh.model;

import java.util.List;

/** What a router sends to a worker. */
public sealed interface ToWorker {

  /** Requests to be run, in this order. */
  record Deliveries(List<Delivery> deliveries) implements ToWorker {}

  /** Sent when nothing else was for one heartbeat. */
  record Ping() implements ToWorker {}

  /**
   * One handing of a request to a worker.
   *
   * @param number of the link, counting up from 1; the answer carries it
   * @param shard of the worker's group
   * @param epoch of the ownership under which it is to be run
   */
  record Delivery(long number, int shard, long epoch, Request request) {}
}
