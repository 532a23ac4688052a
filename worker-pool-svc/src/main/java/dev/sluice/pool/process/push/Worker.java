package dev.sluice.pool.process.push;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.Process;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.pool.process.Target;
import dev.sluice.pool.process.TargetRefusedException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes one call after the other. Each call runs in a process of its own, so that the worker itself
 * never blocks: it beats its heart while a slow target takes its time, breaks the call off at its
 * timeout, when nobody wants the job any more or when the service stops, and then waits for the
 * call's end.
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
public final class Worker {
  private final String name;
  private final Scope scope;
  private final Clock clock;
  private final Target target;
  private final Duration hungAfter;
  private final Heartbeat heartbeat;
  private final ReceiveChannel<Void> halt;
  private final SendChannel<Report> reports;

  private final Select idle;
  private final Select.ReceiveCase<Hand> assigned;

  /** From the one call that is under way. */
  private final Channel<CallEnd> outcomes = Channel.buffered(1);

  private final Select busy;
  private final Select.ReceiveCase<CallEnd> ended;
  private final Select.ReceiveCase<Void> halted;
  private final Select.ReceiveCase<Void> stopped;
  private final Select.AfterCase due;

  /**
   * A worker that has not begun.
   *
   * @param scope where the calls run
   * @param work where the next call comes from; the worker ends when it is closed
   * @param halt closed when the call under way shall be handed back
   */
  public Worker(
      String name,
      Scope scope,
      Target target,
      Duration hungAfter,
      Heartbeat heartbeat,
      ReceiveChannel<Hand> work,
      ReceiveChannel<Void> halt,
      SendChannel<Report> reports) {
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
    this.stopped = busy.receive(null);
    this.due = busy.after(Duration.ZERO);
  }

  /** Runs until there is no more work. */
  public void run() throws InterruptedException {
    while (!assigned.isClosed()) {
      heartbeat.beat();
      if (idle.await() == assigned && !assigned.isClosed()) {
        Hand hand = assigned.value();
        reports.send(new Report(hand, perform(hand)));
      }
    }
  }

  private CallEnd perform(Hand hand) throws InterruptedException {
    Process call = scope.start(name + ".call", () -> outcomes.trySend(call(hand)));
    halted.from(halt);
    stopped.from(hand.stopped());
    CallEnd outcome = awaitEnd(hand.timeout());
    if (outcome != null) {
      return outcome;
    }
    CallEnd brokenOff =
        halted.isClosed() || stopped.isClosed()
            ? new CallEnd.BrokenOff()
            : new CallEnd.Unanswered("no answer within " + hand.timeout().toMillis() + "ms");
    halted.from(null);
    stopped.from(null);
    call.cancel();
    outcome = awaitEnd(hungAfter);
    if (outcome == null) {
      outcome = outcomes.receive(); // it hangs: no beat any more
    }
    return outcome instanceof CallEnd.BrokenOff ? brokenOff : outcome;
  }

  /**
   * Beats until the call has ended.
   *
   * @return what came of it; null when the time has run out before, or it is to be broken off
   */
  private @Nullable CallEnd awaitEnd(Duration limit) throws InterruptedException {
    long end = clock.nanos() + limit.toNanos();
    for (long left = limit.toNanos(); left > 0; left = end - clock.nanos()) {
      heartbeat.beat();
      due.in(Duration.ofNanos(Math.min(left, heartbeat.interval().toNanos())));
      Select.Case happened = busy.await();
      if (happened == ended) {
        return ended.value();
      }
      if (happened == halted || happened == stopped) {
        return null;
      }
    }
    return null;
  }

  /** Runs in the call's own process. */
  private CallEnd call(Hand hand) {
    try {
      return new CallEnd.Answered(target.call(hand.job(), hand.secret()));
    } catch (IOException noAnswer) {
      return new CallEnd.Unanswered(String.valueOf(noAnswer.getMessage()));
    } catch (TargetRefusedException refused) {
      return new CallEnd.Refused(String.valueOf(refused.getMessage()));
    } catch (InterruptedException brokenOff) {
      return new CallEnd.BrokenOff();
    } catch (RuntimeException fault) {
      return new CallEnd.Refused("the call could not be made: " + fault);
    }
  }
}
