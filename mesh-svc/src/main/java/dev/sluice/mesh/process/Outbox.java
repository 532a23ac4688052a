package dev.sluice.mesh.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.SendChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The supervisor's end of a control link: what finds no room in the link waits here, in order and
 * bounded. Nothing here waits or throws: a link that is gone, or takes nothing, is one that {@link
 * #isLost}. Owned by the supervisor. Times are the clock's nanoseconds.
 */
final class Outbox<O> {
  private final SendChannel<O> out;
  private final Runnable cut;
  private final int most;
  private final Queue<O> waiting = new ArrayDeque<>();

  /** Since when the first of those has been waiting. */
  private long waitsSince;

  private boolean isLost;

  /**
   * @param most how many orders may wait
   */
  Outbox(Link<O, ?> link, int most) {
    this.out = link.out();
    this.cut = link.cut();
    this.most = most;
  }

  /** How many orders may wait: for each slice that can be a few. */
  static int room(SupervisorSettings settings) {
    return 4 * settings.shards() * settings.members() + 64;
  }

  void send(O order, long now) {
    if (waiting.isEmpty() && offer(order)) {
      return;
    }
    if (waiting.size() == most) {
      isLost = true;
    } else if (!isLost) {
      if (waiting.isEmpty()) {
        waitsSince = now;
      }
      waiting.add(order);
    }
  }

  /** Sends of those that wait as many as there is room for. */
  void flush(long now) {
    while (!waiting.isEmpty() && offer(waiting.element())) {
      waiting.remove();
      waitsSince = now;
    }
  }

  /** Whether something waits for room. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether the link is of no use any more: it is gone, or has taken nothing for that long. */
  boolean isLost(long now, long patience) {
    return isLost || (isWaiting() && now - waitsSince >= patience);
  }

  /** Ends the link in good order if it takes the last word now; else it is cut. */
  void end(O last) {
    if (waiting.isEmpty() && offer(last)) {
      out.tryClose();
    } else {
      cut();
    }
  }

  /** Breaks the link. */
  void cut() {
    isLost = true;
    cut.run();
  }

  private boolean offer(O order) {
    if (isLost) {
      return false;
    }
    try {
      return out.trySend(order);
    } catch (ChannelClosedException gone) {
      isLost = true;
      return false;
    }
  }
}
