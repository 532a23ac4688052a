package dev.sluice.csp;

import java.time.Duration;

/**
 * One process's sign of life, made by {@link HeartbeatMonitor#watch}. The process calls {@link
 * #beat} in each round of its loop and never waits longer than {@link #interval} for its next
 * message.
 *
 * <p>Beating costs a look at the clock; it never waits and allocates nothing but once an interval.
 * Only the process itself may beat.
 */
public final class Heartbeat {
  private final String name;
  private final Clock clock;
  private final Duration interval;
  private final long minNanosBetween;

  /** Holds the last beat that the monitor has not taken; full means that one is there already. */
  private final Channel<Long> beats;

  private long last;

  Heartbeat(String name, Duration interval, Clock clock) {
    this.name = name;
    this.clock = clock;
    this.interval = interval;
    this.minNanosBetween = Deadline.nanos(interval) / 2;
    this.beats = new Channel<>(1, name + ".heartbeat", clock);
    this.last = clock.nanos() - minNanosBetween; // the first beat is due now
  }

  /**
   * Says that the process lives. Beats that follow each other within half an interval count as one.
   */
  public void beat() {
    long now = clock.nanos();
    if (now - last >= minNanosBetween) {
      last = now;
      beats.tryReceive(); // one that a busy monitor has not taken yet: the latest counts
      beats.trySend(now);
    }
  }

  /**
   * How often a beat is expected.
   *
   * @return the longest time to wait for a message before beating again
   */
  public Duration interval() {
    return interval;
  }

  /** {@return the name of the process} */
  public String name() {
    return name;
  }

  ReceiveChannel<Long> beats() {
    return beats;
  }
}
