package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.DeadlineExceededException;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.csp.Ticker;
import dev.sluice.csp.Timer;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/**
 * Task 3: a loop that does something every 200 ms, for two seconds, and is then stopped.
 *
 * <p>The loop selects between the next tick and {@code done}, and does not know who closes or sends
 * on {@code done}. So a timer can stop it, or the deadline of its scope, and the loop is the same.
 * The end is half a period after the tenth tick, so that it is no matter of luck which comes first.
 *
 * <p>The JDK's ScheduledExecutorService runs a task at a fixed rate on threads of its own; take it
 * where the task is all there is. Take a {@link Ticker} where the tick is one of several things
 * that a process waits for: it needs no thread, and the state stays with the process.
 *
 * <pre>
 *   ticker --every 200 ms--\
 *                           +--> loop --time--> shown
 *   timer or scope --done--/
 * </pre>
 */
final class TickerLoop {
  static final Duration PERIOD = Duration.ofMillis(200);
  static final Duration END = Duration.ofSeconds(2).plus(PERIOD.dividedBy(2));

  private TickerLoop() {}

  static void run(PrintStream out) throws InterruptedException {
    Clock clock = Clock.system();
    Channel<Instant> shown = Channel.buffered(16);
    untilTimer(clock, shown);
    out.println("Stopped by a timer:");
    print(shown, out);
    out.println("Stopped by the deadline of its scope:");
    untilDeadline(clock, shown);
    print(shown, out);
  }

  private static void print(Channel<Instant> shown, PrintStream out) {
    int ticks = 0;
    for (var tick = shown.tryReceive(); tick != null; tick = shown.tryReceive()) {
      out.println("  " + tick);
      ticks++;
    }
    Check.that(ticks >= 1 && ticks <= 10, ticks + " ticks in two seconds"); // slow: fewer
  }

  /** Stops when a timer says so. */
  static void untilTimer(Clock clock, SendChannel<Instant> shown) throws InterruptedException {
    try (var ticker = Ticker.every(PERIOD, clock);
        var timer = Timer.start(END, clock);
        var scope = Scope.open("clock", clock)) {
      scope.start("loop", () -> loop(ticker.channel(), timer.channel(), shown));
      scope.join();
    }
  }

  /** Stops when the scope has lived long enough. */
  static void untilDeadline(Clock clock, SendChannel<Instant> shown) throws InterruptedException {
    try (var ticker = Ticker.every(PERIOD, clock);
        var scope = Scope.open("clock", clock).deadline(END)) {
      scope.start("loop", () -> loop(ticker.channel(), scope.done(), shown));
      scope.join();
      throw new IllegalStateException("the loop ended before its deadline");
    } catch (DeadlineExceededException over) {
      return; // as it should be
    }
  }

  private static void loop(
      ReceiveChannel<Instant> ticks, ReceiveChannel<?> done, SendChannel<Instant> shown)
      throws InterruptedException {
    var select = Select.prioritised();
    var stop = select.receive(done);
    var tick = select.receive(ticks);
    while (select.await() != stop) {
      shown.send(tick.value());
    }
  }
}
