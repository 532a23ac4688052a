package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.RouterAddress;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A worker's links to the routers that the supervisor has named: dialled, and dialled again when
 * they end. Each link has a small process of its own that reads it and forwards to the worker's
 * inbox; it waits there while the worker is busy, and the router behind it. Owned by the worker's
 * process; times are the clock's nanoseconds.
 */
final class RouterLinks {

  /** What a reader forwards; without a message: the link has ended. */
  record Come(RouterLink link, @Nullable ToWorker message) {}

  /** A router to be linked with. */
  private static final class Target {
    RouterAddress address;
    @Nullable RouterLink link;
    final Redial redial;

    /** Whether it is to be dialled again. */
    boolean isNamed = true;

    Target(RouterAddress address, long now) {
      this.address = address;
      this.redial = new Redial(now);
    }
  }

  private final Scope scope;
  private final String worker;
  private final Dialer dialer;
  private final Channel<Come> inbox;
  private final SequencedMap<String, Target> targets = new LinkedHashMap<>();
  private final List<RouterLink> live = new ArrayList<>();

  RouterLinks(Scope scope, String worker, Dialer dialer, Channel<Come> inbox) {
    this.scope = scope;
    this.worker = worker;
    this.dialer = dialer;
    this.inbox = inbox;
  }

  /** The links that are there, in the order of their routers. */
  List<RouterLink> live() {
    return live;
  }

  /**
   * These are the routers. A link with one that is not named any more stays as long as it lasts:
   * the supervisor may just be new.
   */
  void name(List<RouterAddress> routers, long now) {
    targets.values().forEach(target -> target.isNamed = false);
    for (RouterAddress address : routers) {
      Target target = targets.computeIfAbsent(address.name(), _ -> new Target(address, now));
      target.isNamed = true;
      if (!target.address.equals(address)) {
        target.address = address;
        cut(target);
      }
    }
    settle(now, 0);
  }

  /** Takes in what a reader has forwarded; of a link that was given up it is nothing. */
  void take(Come come, long now) {
    RouterLink link = come.link();
    if (link.isBroken()) {
      return;
    }
    ToWorker message = come.message();
    if (message == null) {
      link.cut();
    } else {
      link.take(message, now);
    }
  }

  /** Dials those that are due, breaks the dead, keeps the idle ones alive. */
  void watch(WorkerHello hello, long now, long heartbeat) {
    for (RouterLink link : live) {
      if (!link.isBroken()) {
        link.watch(now, heartbeat);
      }
    }
    settle(now, heartbeat);
    for (Target target : targets.values()) {
      if (target.link == null && target.redial.isDue(now)) {
        dial(target, hello, now);
      }
    }
  }

  /** How long until {@link #watch} has something to do. */
  long untilDue(long now, long heartbeat) {
    long due = heartbeat;
    for (Target target : targets.values()) {
      due =
          Math.min(
              due,
              target.link == null
                  ? target.redial.until(now)
                  : target.link.untilDue(now, heartbeat));
    }
    return due;
  }

  /** Ends them, after what was sent. */
  void close() {
    live.forEach(RouterLink::close);
    live.clear();
    targets.clear();
  }

  void cut() {
    live.forEach(RouterLink::cut);
    live.clear();
    targets.clear();
  }

  private void dial(Target target, WorkerHello hello, long now) {
    Link<FromWorker, ToWorker> link = dialer.work(target.address, hello);
    var dialled = new RouterLink(target.address, link, hello.window(), now);
    target.link = dialled;
    live.add(dialled);
    scope.start(worker + ".reads." + target.address.name(), () -> read(dialled, link));
  }

  /** The body of a reader. */
  private void read(RouterLink dialled, Link<FromWorker, ToWorker> link)
      throws InterruptedException {
    ToWorker message;
    do {
      message = link.in().receiveOrNull();
      try {
        inbox.send(new Come(dialled, message));
      } catch (ChannelClosedException _) {
        return; // the worker has ended
      }
    } while (message != null);
  }

  private static void cut(Target target) {
    if (target.link != null) {
      target.link.cut();
    }
  }

  /** Plans what is to be dialled again, and forgets what is not. */
  private void settle(long now, long heartbeat) {
    for (Target target : targets.values()) {
      RouterLink link = target.link;
      if (link != null && link.isBroken()) {
        if (link.hasHeard()) {
          target.redial.succeeded();
        }
        target.redial.failed(now, heartbeat);
        target.link = null;
      }
    }
    live.removeIf(RouterLink::isBroken);
    targets.values().removeIf(target -> !target.isNamed && target.link == null);
  }
}
