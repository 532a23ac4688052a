package dev.sluice.csp;

import java.time.Instant;

/**
 * Where time comes from: everything in this library that waits for time asks a clock, and a test
 * hands it a virtual one.
 */
public interface Clock {

  /**
   * Nanoseconds since some fixed instant; never goes back.
   *
   * @return only differences mean anything
   */
  long nanos();

  /** {@return the time of day} */
  Instant instant();

  /**
   * Runs an action once when {@link #nanos()} reaches {@code atNanos}; at once when it has.
   *
   * @param atNanos an instant on the scale of {@link #nanos()}
   * @param action short and not waiting: all alarms of a clock share one thread
   * @return to forget the action with
   */
  Alarm schedule(long atNanos, Runnable action);

  /** An action that has been scheduled. */
  interface Alarm {
    /** Forgets the action; nothing happens when it has run. */
    void cancel();
  }

  /** {@return the machine's own clock} */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
