package dev.sluice.market.stage;

import dev.sluice.csp.ReceiveChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process has taken from its input in one go, and how much of it is done: waiting once for
 * many values costs less than once for each.
 */
final class Batch<T> {
  static final int MOST = 256;

  private final List<T> values = new ArrayList<>(MOST);
  private int next;

  /** Takes a value that was received, and what else waits, so many in all. */
  void take(T first, ReceiveChannel<T> more, int most) {
    values.clear();
    next = 0;
    values.add(first);
    more.drainTo(values, most - 1);
  }

  boolean hasNext() {
    return next < values.size();
  }

  /** The one in hand: it stays the first of the {@link #rest} until it is {@link #done}. */
  T current() {
    return values.get(next);
  }

  void done() {
    next++;
  }

  /** What is not done, the one in hand first. */
  List<T> rest() {
    return values.subList(Math.min(next, values.size()), values.size());
  }
}
