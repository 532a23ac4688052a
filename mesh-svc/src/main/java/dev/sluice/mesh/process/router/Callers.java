package dev.sluice.mesh.process.router;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * All who wait, by the time at which their wait runs out; owned by the router. Those who have their
 * answer are forgotten in passing, so that most never cost a search.
 */
final class Callers {
  private static final int SWEEP_ABOVE = 1024;

  private final PriorityQueue<Caller> byDue = new PriorityQueue<>(Callers::compare);
  private int sweepAt = SWEEP_ABOVE;

  /** By the difference, for the clock's numbers may overflow. */
  private static int compare(Caller a, Caller b) {
    return Long.signum(a.due() - b.due());
  }

  void add(Caller caller) {
    if (byDue.size() >= sweepAt) {
      byDue.removeIf(each -> each.reply().isDone());
      sweepAt = Math.max(SWEEP_ABOVE, byDue.size() * 2);
    }
    byDue.add(caller);
  }

  /** The one whose wait ends first; null when nobody waits. */
  @Nullable Caller first() {
    Caller first = byDue.peek();
    while (first != null && first.reply().isDone()) {
      byDue.remove();
      first = byDue.peek();
    }
    return first;
  }

  void removeFirst() {
    byDue.remove();
  }
}
