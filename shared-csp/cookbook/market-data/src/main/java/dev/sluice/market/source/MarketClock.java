package dev.sluice.market.source;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The time of the sources that go in step: it passes in slices, and the next begins when it is due
 * and every source has sent its ticks of the one before. So when the pipeline takes less than they
 * would send, the market's time goes slower, for all of them alike; without it the busy ones would
 * fall behind the quiet ones, and windows would have to be held open for them. What was missed is
 * not caught up with, or the end of a backlog would be a flood.
 *
 * <pre>
 *   sources -- done --> [inbox] --> clock -- send until t --> [a channel each]
 * </pre>
 */
public final class MarketClock {
  /** How much later than due a slice may begin without the time being moved. */
  private static final Duration SLACK = Duration.ofMillis(20);

  private sealed interface Move {}

  private record Done(int source) implements Move {}

  private record Left(int source) implements Move {}

  private final long opened;
  private final Channel<Move> inbox;
  private final Map<Integer, Channel<Long>> steps = new HashMap<>();

  private MarketClock(long opened, Channel<Move> inbox) {
    this.opened = opened;
    this.inbox = inbox;
  }

  /**
   * Starts it. The first slice begins when all have asked for it.
   *
   * @param scope where its process lives; it ends when the last source has left
   * @param sources the indexes of those that go in step
   * @param slice how long
   * @param paced false: the next slice is due at once, so the sources go as fast as they can
   * @return the clock
   */
  public static MarketClock start(
      Scope scope, List<Integer> sources, Duration slice, boolean paced) {
    Clock clock = scope.clock();
    var market =
        new MarketClock(
            clock.instant().toEpochMilli(),
            scope.channel("market-clock", Math.max(1, sources.size())));
    for (int source : sources) {
      market.steps.put(source, scope.channel("step-" + source, 1));
    }
    if (!sources.isEmpty()) {
      scope.start("market-clock", () -> market.run(clock, slice.toNanos(), paced));
    }
    return market;
  }

  private void run(Clock clock, long slice, boolean paced) throws InterruptedException {
    var busy = new HashMap<>(steps);
    var waiting = new HashMap<Integer, Channel<Long>>();
    var select = Select.fair(clock);
    var moves = select.receive(inbox);
    var due = select.after(null);
    long until = 0;
    long origin = clock.nanos(); // the instant of market time 0
    boolean begun = false;
    while (!busy.isEmpty() || !waiting.isEmpty()) {
      if (busy.isEmpty()) {
        long now = clock.nanos();
        if (!begun || now - origin - until > SLACK.toNanos()) {
          origin = now - until;
          begun = true;
        }
        long wait = paced ? origin + until + slice - now : 0;
        if (wait <= 0) {
          until += slice;
          for (Channel<Long> step : waiting.values()) {
            step.trySend(until); // has room: its source waits
          }
          busy.putAll(waiting);
          waiting.clear();
          continue;
        }
        due.in(Duration.ofNanos(wait));
      } else {
        due.in(null);
      }
      if (select.await() == moves) {
        switch (moves.value()) {
          case Done(int source) -> {
            Channel<Long> step = busy.remove(source);
            if (step != null) {
              waiting.put(source, step);
            }
          }
          case Left(int source) -> {
            busy.remove(source);
            waiting.remove(source);
          }
        }
      }
    }
  }

  /** {@return when the market opened, in milliseconds since 1970} */
  public long opened() {
    return opened;
  }

  /** {@return where a source is told until when to send; null when it does not go in step} */
  @Nullable ReceiveChannel<Long> steps(int source) {
    return steps.get(source);
  }

  void done(int source) throws InterruptedException {
    inbox.send(new Done(source));
  }

  /**
   * A source has ended.
   *
   * @param source the index of the source
   * @throws InterruptedException this thread was interrupted
   */
  public void leave(int source) throws InterruptedException {
    if (steps.containsKey(source)) {
      inbox.send(new Left(source));
    }
  }
}
