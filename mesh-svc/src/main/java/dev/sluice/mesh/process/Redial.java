package dev.sluice.mesh.process;

import java.time.Duration;

/**
 * When to dial a link again: soon after the first failure, then ever later, up to a bound that is
 * small enough for a peer that was started again to be found in time. Owned by who dials; times are
 * the clock's nanoseconds.
 */
final class Redial {
  private static final long FIRST = Duration.ofMillis(10).toNanos();
  private static final long MAX = Duration.ofMillis(250).toNanos();

  private long at;
  private long pause = FIRST;

  /** Due now. */
  Redial(long now) {
    this.at = now;
  }

  boolean isDue(long now) {
    return now - at >= 0;
  }

  /** How long until it is due. */
  long until(long now) {
    return at - now;
  }

  /**
   * A link has ended, or could not be made.
   *
   * @param heartbeat the longest pause is half of it, when it is known: more than zero
   */
  void failed(long now, long heartbeat) {
    at = now + pause;
    pause = Math.min(2 * pause, heartbeat > 0 ? Math.min(MAX, heartbeat / 2) : MAX);
  }

  /** The link has carried something: the next failure is a first one again. */
  void succeeded() {
    pause = FIRST;
  }
}
