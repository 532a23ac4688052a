package dev.sluice.mesh.process;

import dev.sluice.csp.SendChannel;

/** What the supervisor sends to the router. */
sealed interface RouterCommand {

  /** A worker's process has been started; the router's end of the link to it. */
  record Attach(String worker, int incarnation, SendChannel<RouterToWorker> work)
      implements RouterCommand {}

  /** A worker's process is fenced: nothing that it says counts any more. */
  record Detach(String worker, int incarnation) implements RouterCommand {}

  /** A worker owns a shard, and knows it. */
  record Route(int shard, String worker, long epoch) implements RouterCommand {}

  /** Every worker is out of service: no shard will have an owner again. */
  record GiveUp() implements RouterCommand {}
}
