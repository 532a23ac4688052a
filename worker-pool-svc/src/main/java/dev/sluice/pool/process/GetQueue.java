package dev.sluice.pool.process;

import dev.sluice.csp.Reply;

/**
 * Asks for the numbers of the queue.
 *
 * @param reply gets them as they are at that instant
 */
public record GetQueue(Reply<QueueSnapshot> reply) implements PoolMessage {

  @Override
  public void fail(Throwable reason) {
    reply.fail(reason);
  }
}
