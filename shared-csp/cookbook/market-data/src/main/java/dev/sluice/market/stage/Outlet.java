package dev.sluice.market.stage;

import dev.sluice.csp.Channel;
import dev.sluice.market.model.Bar;
import dev.sluice.market.model.Count;
import dev.sluice.market.model.Loss;
import dev.sluice.market.model.Policy;
import java.util.EnumMap;

/**
 * The publisher's side of a consumer's queue: what happens when it is full.
 *
 * <p>To drop the oldest it takes it out of the queue itself, as one more receiver; so of the bars
 * that the consumer gets, each is newer than the one before, whatever was dropped between.
 */
public final class Outlet {
  private final Channel<Bar> queue;
  private final Policy policy;
  private long offered;
  private long kept;
  private long newest;
  private long oldest;

  /**
   * An outlet.
   *
   * @param queue of the consumer
   * @param policy when it is full
   */
  public Outlet(Channel<Bar> queue, Policy policy) {
    this.queue = queue;
    this.policy = policy;
  }

  /**
   * Hands over a bar, or drops one.
   *
   * @param bar the next
   * @throws InterruptedException it was cancelled while it waited
   */
  public void offer(Bar bar) throws InterruptedException {
    offered++;
    switch (policy) {
      case BLOCK -> queue.send(bar);
      case DROP_NEWEST -> {
        if (!queue.trySend(bar)) {
          newest++;
          return;
        }
      }
      case DROP_OLDEST -> {
        while (!queue.trySend(bar)) {
          if (queue.tryReceive() != null) { // else the consumer has just made room
            oldest++;
            kept--;
          }
        }
      }
    }
    kept++;
  }

  /** No bar will come. */
  public void close() {
    queue.close();
  }

  /** {@return what was offered (in), left in the queue (out) and dropped} */
  public Count count() {
    var lost = new EnumMap<Loss, Long>(Loss.class);
    if (newest > 0) {
      lost.put(Loss.DROPPED_NEWEST, newest);
    }
    if (oldest > 0) {
      lost.put(Loss.DROPPED_OLDEST, oldest);
    }
    return new Count(offered, kept, lost, offered - kept - newest - oldest);
  }
}
