package dev.sluice.mesh.process.router;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.ToWorker.Delivery;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.model.WorkerId;
import dev.sluice.mesh.process.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The router's end of the link to one worker's process: what it has been sent and has not answered,
 * never more than its window, and the lines that wait for room in it. What is delivered in one
 * round of the router goes out at its end, as one message if that is not too long. Owned by the
 * router.
 */
final class WorkerLink {
  /** A message is not made longer when its payloads have so many characters. */
  private static final int MESSAGE_CHARS = 1 << 18;

  /** After so many heartbeats without a word, or room for one, the worker cannot be reached. */
  private static final int PATIENCE = 3;

  private final WorkerHello hello;
  private final Link<ToWorker, FromWorker> link;
  private final SequencedMap<Long, Entry> unanswered = new LinkedHashMap<>();
  private final SequencedSet<Line> starved = new LinkedHashSet<>();
  private final Queue<ToWorker> outbox = new ArrayDeque<>();
  private List<Delivery> message = new ArrayList<>();
  private int messageChars;
  private long deliveries;
  private boolean hasSent = true;
  private int silent;
  private int blocked;

  /** Nothing that comes over it counts any more. */
  private boolean isCut;

  WorkerLink(WorkerHello hello, Link<ToWorker, FromWorker> link) {
    this.hello = hello;
    this.link = link;
  }

  WorkerId worker() {
    return hello.worker();
  }

  boolean isCut() {
    return isCut;
  }

  boolean hasRoom() {
    return unanswered.size() < hello.window();
  }

  int unanswered() {
    return unanswered.size();
  }

  void deliver(Entry entry) {
    entry.link = this;
    entry.number = ++deliveries;
    unanswered.put(entry.number, entry);
    Line line = entry.line;
    message.add(new Delivery(entry.number, line.slice.shard(), line.epoch, entry.request));
    messageChars += entry.chars();
    if (messageChars >= MESSAGE_CHARS) {
      seal();
    }
  }

  private void seal() {
    outbox.add(new ToWorker.Deliveries(message));
    message = new ArrayList<>();
    messageChars = 0;
  }

  /**
   * Sends what has been delivered.
   *
   * @return whether the link has taken it all
   */
  boolean flush() {
    if (!message.isEmpty()) {
      seal();
    }
    while (!outbox.isEmpty() && trySend(outbox.element())) {
      outbox.remove();
      blocked = 0;
    }
    return outbox.isEmpty();
  }

  private boolean trySend(ToWorker sent) {
    try {
      boolean isSent = link.out().trySend(sent);
      hasSent |= isSent;
      return isSent;
    } catch (ChannelClosedException _) {
      return false; // its reader is about to tell
    }
  }

  /** The entry that an answer is for; null when there is no such delivery. */
  @Nullable Entry answered(long number) {
    return unanswered.remove(number);
  }

  /** What it is running, if anything; all behind it has only been sent. */
  @Nullable Entry running() {
    var first = unanswered.firstEntry();
    return first != null && first.getValue().isWith(this, first.getKey()) ? first.getValue() : null;
  }

  /** The line waits for room. */
  void starve(Line line) {
    starved.add(line);
  }

  /** The line that has waited longest for room; null when none does. */
  @Nullable Line pollStarved() {
    return starved.isEmpty() ? null : starved.removeFirst();
  }

  /** The worker has said something. */
  void hear() {
    silent = 0;
  }

  /**
   * A heartbeat has passed.
   *
   * @return whether the worker can be reached, as far as one knows
   */
  boolean tick() {
    if (!hasSent && outbox.isEmpty()) {
      trySend(new ToWorker.Ping());
    }
    hasSent = false;
    blocked = outbox.isEmpty() ? 0 : blocked + 1;
    return ++silent <= PATIENCE && blocked <= PATIENCE;
  }

  void cut() {
    isCut = true;
    link.cut().run();
  }
}
