package dev.sluice.pool.api;

import dev.sluice.csp.Reply;
import dev.sluice.pool.process.GetQueue;
import dev.sluice.pool.process.QueueSnapshot;
import dev.sluice.service.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/** Looks at the queue: what HTTP and gRPC have in common. */
@Singleton
class GetQueueOperation {
  private final PoolInbox inbox;

  @Inject
  GetQueueOperation(PoolInbox inbox) {
    this.inbox = inbox;
  }

  /**
   * @throws ProblemException the request cannot be taken now
   */
  CompletionStage<QueueAnswer> queue() {
    var reply = new Reply<QueueSnapshot>();
    inbox.send(new GetQueue(reply));
    return reply.stage().thenApply(QueueAnswer::of);
  }
}
