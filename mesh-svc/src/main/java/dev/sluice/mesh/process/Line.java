package dev.sluice.mesh.process;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one shard, in the order of their acceptance: first those that are with the owner,
 * then those that wait. That order is kept whatever happens, so it holds for each key. Owned by the
 * router.
 */
final class Line {
  final int shard;

  /** The owner's link; null while the router knows of none. */
  @Nullable WorkerLink owner;

  long epoch;

  private final Deque<Entry> delivered = new ArrayDeque<>();
  private final Deque<Entry> waiting = new ArrayDeque<>();

  Line(int shard) {
    this.shard = shard;
  }

  int size() {
    return delivered.size() + waiting.size();
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  int waiting() {
    return waiting.size();
  }

  void add(Entry entry) {
    waiting.add(entry);
  }

  /** The next one to deliver, which counts as delivered from now on. */
  Entry next() {
    Entry entry = waiting.remove();
    delivered.add(entry);
    return entry;
  }

  /** It is answered or given up. */
  void remove(Entry entry) {
    if (delivered.peek() == entry) {
      delivered.remove();
    } else if (!delivered.remove(entry)) {
      waiting.remove(entry);
    }
  }

  /** Takes back what is with the owner, whose answers do not count any more. */
  void takeBack() {
    while (!delivered.isEmpty()) {
      Entry last = delivered.removeLast();
      last.delivery = null;
      waiting.addFirst(last);
    }
    owner = null;
  }
}
