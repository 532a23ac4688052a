package dev.sluice.pool.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.Process;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes one call after the other. Each call runs in a process of its own, so that the worker itself
 * never blocks: it beats its heart while a slow target takes its time, breaks the call off at its
 * timeout or when the service stops, and then waits for the call's end.
 *
 * <pre>
 *   work --> worker-3 --starts--> worker-3.call --> Target
 *               ^                      |
 *               +------ outcome <------+
 * </pre>
 *
 * <p>A call that was broken off and has not ended {@code hungAfter} later hangs, and the worker
 * with it: it stops beating, and so is found stuck. A target that is merely slow never leads there.
 */
final class Worker {
  private final String name;
  private final Scope scope;
  private final Clock clock;
  private final Target target;
  private final Duration hungAfter;
  private final Heartbeat heartbeat;
  private final ReceiveChannel<Void> halt;
  private final SendChannel<Attempted> reports;

  private final Select idle;
  private final Select.ReceiveCase<Assignment> assigned;

  /** From the one call that is under way. */
  private final Channel<Outcome> outcomes = Channel.buffered(1);

  private final Select busy;
  private final Select.ReceiveCase<Outcome> ended;
  private final Select.ReceiveCase<Void> halted;
  private final Select.AfterCase due;

  /**
   * @param scope where the calls run
   * @param work where the next call comes from; the worker ends when it is closed
   * @param halt closed when the call under way shall be handed back
   */
  Worker(
      String name,
      Scope scope,
      Target target,
      Duration hungAfter,
      Heartbeat heartbeat,
      ReceiveChannel<Assignment> work,
      ReceiveChannel<Void> halt,
      SendChannel<Attempted> reports) {
    this.name = name;
    this.scope = scope;
    this.clock = scope.clock();
    this.target = target;
    this.hungAfter = hungAfter;
    this.heartbeat = heartbeat;
    this.halt = halt;
    this.reports = reports;
    this.idle = Select.prioritised(clock);
    this.assigned = idle.receive(work);
    idle.after(heartbeat.interval());
    this.busy = Select.prioritised(clock);
    this.ended = busy.receive(outcomes);
    this.halted = busy.receive(halt);
    this.due = busy.after(Duration.ZERO);
  }

  void run() throws InterruptedException {
    while (!assigned.isClosed()) {
      heartbeat.beat();
      if (idle.await() == assigned && !assigned.isClosed()) {
        Assignment assignment = assigned.value();
        reports.send(new Attempted(assignment.job().id(), perform(assignment)));
      }
    }
  }

  private Outcome perform(Assignment assignment) throws InterruptedException {
    Duration timeout = assignment.job().timeout();
    Process call = scope.start(name + ".call", () -> outcomes.trySend(call(assignment)));
    halted.from(halt);
    Outcome outcome = awaitEnd(timeout);
    if (outcome != null) {
      return outcome;
    }
    Outcome brokenOff =
        halted.isClosed()
            ? new Outcome.HandedBack()
            : new Outcome.Unanswered("no answer within " + timeout.toMillis() + "ms");
    halted.from(null);
    call.cancel();
    outcome = awaitEnd(hungAfter);
    if (outcome == null) {
      outcome = outcomes.receive(); // it hangs: no beat any more
    }
    return outcome instanceof Outcome.HandedBack ? brokenOff : outcome;
  }

  /**
   * Beats until the call has ended.
   *
   * @return what came of it; null when the time has run out before, or work is halted
   */
  private @Nullable Outcome awaitEnd(Duration limit) throws InterruptedException {
    long end = clock.nanos() + limit.toNanos();
    for (long left = limit.toNanos(); left > 0; left = end - clock.nanos()) {
      heartbeat.beat();
      due.in(Duration.ofNanos(Math.min(left, heartbeat.interval().toNanos())));
      Select.Case happened = busy.await();
      if (happened == ended) {
        return ended.value();
      }
      if (happened == halted) {
        return null;
      }
    }
    return null;
  }

  /** Runs in the call's own process. */
  private Outcome call(Assignment assignment) {
    try {
      Target.Answer answer = target.call(assignment.job(), assignment.attempt());
      return new Outcome.Answered(answer.status(), answer.retryAfter());
    } catch (IOException noAnswer) {
      return new Outcome.Unanswered(String.valueOf(noAnswer.getMessage()));
    } catch (TargetRefusedException refused) {
      return new Outcome.Refused(String.valueOf(refused.getMessage()));
    } catch (InterruptedException brokenOff) {
      return new Outcome.HandedBack();
    } catch (RuntimeException fault) {
      return new Outcome.Refused("the call could not be made: " + fault);
    }
  }
}
