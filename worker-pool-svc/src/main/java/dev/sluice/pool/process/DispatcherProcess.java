package dev.sluice.pool.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Select;
import dev.sluice.pool.process.push.Hand;
import dev.sluice.pool.process.push.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process around a {@link Dispatcher}: listens to the edge, to the engine and to the workers,
 * hands out calls, and keeps time. While the engine can take no more it does not listen to the
 * edge, whose requests then wait in the inbox, and are refused when that is full.
 *
 * <pre>
 *   edge ---[inbox]---&gt; +------------+ ---work---&gt; workers
 *   engine --[wakes]--&gt; | dispatcher |               |
 *                       +------------+ &lt;--[reports]--+
 * </pre>
 */
final class DispatcherProcess {
  private static final int BATCH = 256;

  private final Dispatcher dispatcher;
  private final Heartbeat heartbeat;
  private final Channels channels;

  private final Select select;
  private final Select.ReceiveCase<PoolMessage> asked;
  private final Select.ReceiveCase<Report> reported;
  private final Select.ReceiveCase<Boolean> woken;
  private final Select.SendCase<Hand> taken;
  private final Select.ReceiveCase<Void> told;
  private final Select.AfterCase due;

  private final List<PoolMessage> messages = new ArrayList<>(BATCH);
  private final List<Report> reports = new ArrayList<>(BATCH);

  /**
   * What it is connected with.
   *
   * @param inbox from the edge
   * @param wakes from the engine
   * @param reports from the workers
   * @param work to the workers; closed by this process when it ends
   * @param halt closed by this process when workers shall hand back what they have in hand
   * @param drain closed to say that no more work will come
   */
  record Channels(
      Channel<PoolMessage> inbox,
      Channel<Boolean> wakes,
      Channel<Report> reports,
      Channel<Hand> work,
      Channel<Void> halt,
      Channel<Void> drain) {}

  DispatcherProcess(Dispatcher dispatcher, Clock clock, Heartbeat heartbeat, Channels channels) {
    this.dispatcher = dispatcher;
    this.heartbeat = heartbeat;
    this.channels = channels;
    this.select = Select.fair(clock);
    this.asked = select.receive(channels.inbox);
    this.reported = select.receive(channels.reports);
    this.woken = select.receive(channels.wakes);
    this.taken = select.send(null);
    this.told = select.receive(channels.drain);
    this.due = select.after(heartbeat.interval());
  }

  void run() throws InterruptedException {
    try {
      plan();
      while (!dispatcher.isOver()) {
        Select.Case happened = select.await();
        if (happened == asked) {
          messages.add(asked.value());
          takeAll();
        } else if (happened == reported) {
          reports.add(reported.value());
        } else if (happened == taken) {
          dispatcher.push().taken();
        } else if (happened == told) {
          told.from(null);
          dispatcher.drain();
        }
        hearWorkers();
        plan();
      }
    } finally {
      end();
    }
  }

  private void takeAll() {
    channels.inbox.drainTo(messages, BATCH - 1);
    messages.forEach(this::answer);
    messages.clear();
  }

  private void hearWorkers() {
    channels.reports.drainTo(reports, BATCH);
    reports.forEach(dispatcher.push()::reported);
    reports.clear();
  }

  /** What comes next: by time, for the next free worker, and whether the edge is heard. */
  private void plan() {
    due.in(dispatcher.tick(heartbeat.interval()));
    asked.from(dispatcher.isFull() ? null : channels.inbox);
    Hand next = dispatcher.push().next();
    if (next != null) {
      taken.value(next);
    }
    taken.to(next == null ? null : channels.work);
    if (dispatcher.isHandingBack()) {
      channels.halt.tryClose();
    }
    heartbeat.beat();
  }

  private void answer(PoolMessage message) {
    try {
      dispatcher.handle(message);
    } catch (RuntimeException failure) {
      fail(message, failure);
    }
  }

  private static void fail(PoolMessage message, RuntimeException failure) {
    @Nullable Reply<?> reply = message.reply();
    if (reply != null) {
      reply.fail(failure);
    }
  }

  /** In good order or not: what was reported counts, and nobody is left waiting. */
  private void end() {
    channels.halt.tryClose();
    channels.work.close();
    channels.inbox.close();
    hearWorkers();
    takeAllThatIsLeft();
    dispatcher.end();
  }

  private void takeAllThatIsLeft() {
    channels.inbox.drainTo(messages, Integer.MAX_VALUE);
    messages.forEach(message -> fail(message, Refusals.draining()));
    messages.clear();
  }
}
