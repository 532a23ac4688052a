package dev.sluice.csp;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A channel on which the time arrives at a fixed period, until it is closed.
 *
 * <p>Ticks do not drift: the n-th is due n periods after the start. A receiver that is slow misses
 * ticks, it does not get them late in a burst: at most one waits. Closing it ends the channel, so a
 * loop over it ends, and leaves neither memory nor thread behind.
 *
 * <pre>{@code
 * try (var ticker = Ticker.every(Duration.ofMillis(200))) {
 *   for (Instant now : ticker.channel()) { ... }
 * }
 * }</pre>
 */
public final class Ticker implements AutoCloseable {
  private final Channel<Instant> channel;
  private final Clock clock;
  private final long period;
  private long due;
  private Clock.@Nullable Alarm alarm;
  private boolean closed;

  private Ticker(Duration period, Clock clock) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period is " + period + ", must be more than 0");
    }
    this.channel = new Channel<>(1, "ticker(" + period + ")", clock);
    this.clock = clock;
    this.period = Deadline.nanos(period);
    this.due = clock.nanos();
  }

  /**
   * Ticks by the machine's clock, for the first time after one period.
   *
   * @param period from tick to tick
   * @return the ticker, to be closed by the caller
   * @throws IllegalArgumentException {@code period} is zero or negative
   */
  public static Ticker every(Duration period) {
    return every(period, Clock.system());
  }

  /**
   * Ticks by the given clock, for the first time after one period.
   *
   * @param period from tick to tick
   * @param clock where the time comes from
   * @return the ticker, to be closed by the caller
   * @throws IllegalArgumentException {@code period} is zero or negative
   */
  public static Ticker every(Duration period, Clock clock) {
    var ticker = new Ticker(period, clock);
    ticker.scheduleNext();
    return ticker;
  }

  /** {@return where the ticks arrive} */
  public ReceiveChannel<Instant> channel() {
    return channel;
  }

  /**
   * Stops: no tick is received after this, and the channel is closed. A second call does nothing.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (alarm != null) {
        alarm.cancel();
      }
      channel.tryReceive(); // a tick that nobody took
      channel.close();
    }
  }

  private synchronized void tick() {
    if (!closed) {
      channel.trySend(clock.instant());
      scheduleNext();
    }
  }

  /** The next multiple of the period that still lies ahead. */
  private synchronized void scheduleNext() {
    long missed = Math.max(0, (clock.nanos() - due) / period);
    due += (missed + 1) * period;
    long mine = due;
    Clock.Alarm next = clock.schedule(mine, this::tick);
    if (due == mine) { // else it was due at once, and its tick has scheduled the next
      alarm = next;
    }
  }
}
