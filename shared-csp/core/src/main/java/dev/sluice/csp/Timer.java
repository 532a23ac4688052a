package dev.sluice.csp;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A channel on which the time arrives once, after a delay; it can be stopped and set again. A
 * stopped timer holds no memory and no thread. Its channel is never closed.
 */
public final class Timer implements AutoCloseable {
  private final Channel<Instant> channel;
  private final Clock clock;
  private Clock.@Nullable Alarm alarm;

  /** Counts what happens to it, so that an alarm that a stop or a reset overtakes does nothing. */
  private long setting;

  private Timer(Clock clock) {
    this.channel = new Channel<>(1, "timer", clock);
    this.clock = clock;
  }

  /**
   * Starts a timer by the machine's clock.
   *
   * @param delay zero or negative: due at once
   * @return the timer, which runs already
   */
  public static Timer start(Duration delay) {
    return start(delay, Clock.system());
  }

  /**
   * Starts a timer by the given clock.
   *
   * @param delay zero or negative: due at once
   * @param clock where the time comes from
   * @return the timer, which runs already
   */
  public static Timer start(Duration delay, Clock clock) {
    var timer = new Timer(clock);
    timer.reset(delay);
    return timer;
  }

  /**
   * A channel on which the time arrives once, by the machine's clock.
   *
   * @param delay zero or negative: due at once
   * @return never closed
   */
  public static ReceiveChannel<Instant> after(Duration delay) {
    return after(delay, Clock.system());
  }

  /**
   * A channel on which the time arrives once, by the given clock.
   *
   * @param delay zero or negative: due at once
   * @param clock where the time comes from
   * @return never closed
   */
  public static ReceiveChannel<Instant> after(Duration delay, Clock clock) {
    return start(delay, clock).channel();
  }

  /** {@return where the time arrives} */
  public ReceiveChannel<Instant> channel() {
    return channel;
  }

  /**
   * Stops the timer: unless the time has been received already, it never will be.
   *
   * @return whether that made a difference: it was set, and nobody had received its time
   */
  public synchronized boolean stop() {
    boolean wasSet = alarm != null;
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
    setting++;
    return channel.tryReceive() != null || wasSet;
  }

  /**
   * Sets the timer anew; a time that was due but has not been received is forgotten.
   *
   * @param delay from now; zero or negative: due at once
   * @return as {@link #stop}
   */
  public synchronized boolean reset(Duration delay) {
    boolean stopped = stop();
    long mine = setting;
    Clock.Alarm set = clock.schedule(clock.nanos() + Deadline.nanos(delay), () -> fire(mine));
    if (setting == mine) { // else it was due at once, and has fired
      alarm = set;
    }
    return stopped;
  }

  /** {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  private synchronized void fire(long firing) {
    if (firing == setting) {
      setting++;
      alarm = null;
      channel.trySend(clock.instant());
    }
  }
}
