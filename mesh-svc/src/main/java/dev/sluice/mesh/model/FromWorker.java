package dev.sluice.mesh.model;

import java.util.List;

/** What a worker sends to a router, after its {@link WorkerHello}. */
public sealed interface FromWorker {

  /** Each gives back one credit. */
  record Answers(List<Answer> answers) implements FromWorker {}

  /** Sent when nothing else was for one heartbeat. */
  record Ping() implements FromWorker {}

  /**
   * Answers one delivery.
   *
   * @param number of the delivery; answers to deliveries of one shard come in their order
   * @param epoch of the ownership under which it was run
   */
  record Answer(long number, long epoch, Result result) {}
}
