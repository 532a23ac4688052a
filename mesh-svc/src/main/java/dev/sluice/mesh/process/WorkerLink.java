package dev.sluice.mesh.process;

import dev.sluice.csp.SendChannel;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The router's end of the link to one worker's process: what it has been sent and has not answered,
 * never more than the window, and the shards that wait for room in it. Owned by the router.
 */
final class WorkerLink {
  final String worker;
  final int incarnation;
  private final SendChannel<RouterToWorker> work;
  private final int window;
  private final Queue<Delivery> unanswered = new ArrayDeque<>();
  private final SequencedSet<Line> starved = new LinkedHashSet<>();

  WorkerLink(String worker, int incarnation, SendChannel<RouterToWorker> work, int window) {
    this.worker = worker;
    this.incarnation = incarnation;
    this.work = work;
    this.window = window;
  }

  boolean hasRoom() {
    return unanswered.size() < window;
  }

  int unanswered() {
    return unanswered.size();
  }

  void deliver(Delivery delivery, long epoch) {
    Entry entry = delivery.entry();
    var message =
        new RouterToWorker.Deliver(delivery.number(), entry.line.shard, epoch, entry.request);
    if (!work.trySend(message)) {
      throw new IllegalStateException("the link to " + worker + " has no room within the window");
    }
    unanswered.add(delivery);
  }

  /** The delivery that an answer is for: a worker answers in order. */
  Delivery answered(long number) {
    Delivery first = unanswered.poll();
    if (first == null || first.number() != number) {
      throw new IllegalStateException(
          worker + " has answered delivery " + number + ", but " + first + " is next");
    }
    return first;
  }

  /** What it is running, if anything; all behind it has only been sent. */
  @Nullable Delivery running() {
    return unanswered.peek();
  }

  /** The line waits for room. */
  void starve(Line line) {
    starved.add(line);
  }

  /** The line that has waited longest for room; null when none does. */
  @Nullable Line pollStarved() {
    return starved.isEmpty() ? null : starved.removeFirst();
  }

  void close() {
    work.close();
  }
}
