package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.Slice;
import dev.sluice.mesh.model.WorkerId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one slice, in the order of their acceptance: first those that are with the owner,
 * then those that wait for it, then those that are not accepted yet or stand behind such. That
 * order is kept whatever happens, so it holds for each key. Owned by the router.
 */
final class Line {
  final Slice slice;
  final GroupLines group;

  /** Who owns the slice; null while the router knows of nobody. */
  @Nullable WorkerId owner;

  /** The link to that owner; null while there is none. */
  @Nullable WorkerLink link;

  /** Of the latest ownership that the router knows of; 0 when there was none. */
  long epoch;

  private final Deque<Entry> delivered = new ArrayDeque<>();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final Deque<Entry> asked = new ArrayDeque<>();

  Line(Slice slice, GroupLines group) {
    this.slice = slice;
    this.group = group;
  }

  int size() {
    return delivered.size() + waiting.size() + asked.size();
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  int delivered() {
    return delivered.size();
  }

  /** Puts it at the end. */
  void add(Entry entry) {
    asked.add(entry);
  }

  /**
   * Lets those wait for the owner that are accepted and have nobody before them who is not.
   *
   * @param each learns of every one, in order
   */
  void advance(Consumer<Entry> each) {
    for (Entry first = asked.peek(); first != null && first.isAccepted(); first = asked.peek()) {
      asked.remove();
      first.hasTurn = true;
      waiting.add(first);
      each.accept(first);
    }
  }

  /** The next one to deliver, which counts as delivered from now on. */
  Entry next() {
    Entry entry = waiting.remove();
    delivered.add(entry);
    return entry;
  }

  /** It is over. */
  void remove(Entry entry) {
    if (delivered.peek() == entry) {
      delivered.remove();
    } else if (!delivered.remove(entry) && !waiting.remove(entry)) {
      asked.remove(entry);
    }
  }

  /**
   * Takes back what is with the owner, whose answers do not count any more.
   *
   * @param each learns of every one, the last first
   */
  void takeBack(Consumer<Entry> each) {
    while (!delivered.isEmpty()) {
      Entry last = delivered.removeLast();
      last.link = null;
      waiting.addFirst(last);
      each.accept(last);
    }
  }
}
