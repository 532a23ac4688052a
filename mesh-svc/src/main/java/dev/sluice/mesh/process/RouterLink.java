package dev.sluice.mesh.process;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.FromWorker.Answer;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.ToWorker.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * The worker's end of one link to a router, with what has come over it and is not begun, and the
 * answers that have not gone out: together never more than the window. All that ends with the link:
 * the router takes back what is unanswered and sends it again over the next. Owned by the worker's
 * process; times are the clock's nanoseconds.
 */
final class RouterLink {
  /** So many heartbeats of silence, and the link is taken for broken. */
  static final int SILENT_HEARTBEATS = 3;

  final RouterAddress address;
  private final Link<FromWorker, ToWorker> link;
  private final int window;
  private final Queue<Delivery> pending = new ArrayDeque<>();
  private List<Answer> answers = new ArrayList<>();
  private long lastHeard;
  private long lastSent;
  private boolean hasHeard;
  private boolean isBroken;

  RouterLink(RouterAddress address, Link<FromWorker, ToWorker> link, int window, long now) {
    this.address = address;
    this.link = link;
    this.window = window;
    this.lastHeard = now;
    this.lastSent = now;
  }

  boolean isBroken() {
    return isBroken;
  }

  /** Whether anything has come over it ever. */
  boolean hasHeard() {
    return hasHeard;
  }

  /** Takes in what has come. A router that sends more than it has credits for is cut off. */
  void take(ToWorker message, long now) {
    lastHeard = now;
    hasHeard = true;
    if (message instanceof ToWorker.Deliveries(List<Delivery> deliveries)) {
      pending.addAll(deliveries);
      if (pending.size() + answers.size() > window) {
        cut();
      }
    }
  }

  boolean hasPending() {
    return !pending.isEmpty();
  }

  /** The next to be run. */
  Delivery next() {
    return pending.remove();
  }

  void answer(Answer answer) {
    answers.add(answer);
  }

  boolean hasAnswers() {
    return !answers.isEmpty();
  }

  /** Sends the answers, if there is room; else they wait. */
  void flush(long now) {
    if (!answers.isEmpty() && send(new FromWorker.Answers(answers), now)) {
      answers = new ArrayList<>();
    }
  }

  /** Says that it is there when nothing else was said, and breaks a link that is dead. */
  void watch(long now, long heartbeat) {
    if (now - lastHeard >= SILENT_HEARTBEATS * heartbeat) {
      cut();
    } else if (now - lastSent >= heartbeat) {
      send(new FromWorker.Ping(), now);
    }
  }

  /** How long until {@link #watch} has something to do. */
  long untilDue(long now, long heartbeat) {
    return Math.min(lastHeard + SILENT_HEARTBEATS * heartbeat, lastSent + heartbeat) - now;
  }

  /** Ends it, after what was sent. */
  void close() {
    link.out().tryClose();
    forget();
  }

  /** Breaks it. */
  void cut() {
    link.cut().run();
    forget();
  }

  private void forget() {
    isBroken = true;
    pending.clear();
    answers = new ArrayList<>();
  }

  private boolean send(FromWorker message, long now) {
    try {
      boolean isSent = link.out().trySend(message);
      if (isSent) {
        lastSent = now;
      }
      return isSent;
    } catch (ChannelClosedException _) {
      cut();
      return false;
    }
  }
}
