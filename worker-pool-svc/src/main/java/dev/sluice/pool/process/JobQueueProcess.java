package dev.sluice.pool.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Select;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.UnfinishedJob;
import java.util.ArrayList;
import java.util.List;

/**
 * The process around a {@link JobQueue}: listens to the edge and to the workers, hands out work,
 * keeps time, and at the end saves what is unfinished.
 */
final class JobQueueProcess {
  private static final int BATCH = 256;

  private final JobQueue queue;
  private final JobStore store;
  private final Heartbeat heartbeat;
  private final Channel<PoolMessage> inbox;
  private final Channel<Attempted> reports;
  private final Channel<Assignment> work;
  private final Channel<Void> halt;

  private final Select select;
  private final Select.ReceiveCase<PoolMessage> asked;
  private final Select.ReceiveCase<Attempted> reported;
  private final Select.SendCase<Assignment> taken;
  private final Select.ReceiveCase<Void> told;
  private final Select.AfterCase due;

  private final List<PoolMessage> messages = new ArrayList<>(BATCH);
  private final List<Attempted> attempts = new ArrayList<>(BATCH);

  /**
   * @param drain closed to say that no more work will come
   * @param work closed by this process when it ends
   * @param halt closed by this process when workers shall hand back what they have in hand
   */
  JobQueueProcess(
      JobQueue queue,
      JobStore store,
      Clock clock,
      Heartbeat heartbeat,
      Channel<PoolMessage> inbox,
      Channel<Attempted> reports,
      Channel<Assignment> work,
      Channel<Void> halt,
      ReceiveChannel<Void> drain) {
    this.queue = queue;
    this.store = store;
    this.heartbeat = heartbeat;
    this.inbox = inbox;
    this.reports = reports;
    this.work = work;
    this.halt = halt;
    this.select = Select.fair(clock);
    this.asked = select.receive(inbox);
    this.reported = select.receive(reports);
    this.taken = select.send(null);
    this.told = select.receive(drain);
    this.due = select.after(heartbeat.interval());
  }

  void run() throws InterruptedException {
    try {
      plan();
      while (!queue.isOver()) {
        Select.Case happened = select.await();
        if (happened == asked) {
          messages.add(asked.value());
          inbox.drainTo(messages, BATCH - 1);
          messages.forEach(this::answer);
          messages.clear();
        } else if (happened == reported) {
          attempts.add(reported.value());
          reports.drainTo(attempts, BATCH - 1);
          attempts.forEach(queue::attempted);
          attempts.clear();
        } else if (happened == taken) {
          queue.started();
        } else if (happened == told) {
          told.from(null);
          queue.drain();
        }
        plan();
      }
    } finally {
      end();
    }
  }

  /** What comes next: by time, and for the next free worker. */
  private void plan() {
    due.in(queue.tick(heartbeat.interval()));
    Assignment next = queue.next();
    if (next != null) {
      taken.value(next);
    }
    taken.to(next == null ? null : work);
    if (queue.isHandingBack()) {
      halt.tryClose();
    }
    heartbeat.beat();
  }

  private void answer(PoolMessage message) {
    try {
      queue.handle(message);
    } catch (RuntimeException failure) {
      message.fail(failure);
    }
  }

  /**
   * In good order or not: what was reported counts, nobody is left waiting, and what is unfinished
   * is saved.
   */
  private void end() {
    work.close();
    inbox.close();
    reports.drainTo(attempts, Integer.MAX_VALUE);
    attempts.forEach(queue::attempted);
    queue.drain();
    inbox.drainTo(messages, Integer.MAX_VALUE);
    messages.forEach(this::answer);
    List<UnfinishedJob> unfinished = queue.unfinished();
    if (!unfinished.isEmpty()) {
      store.save(unfinished);
    }
  }
}
