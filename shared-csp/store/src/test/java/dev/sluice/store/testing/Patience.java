package dev.sluice.store.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a server does in its own time, not without end. */
public final class Patience {
  private static final long MOST = Duration.ofMinutes(1).toNanos();
  private static final long BETWEEN = Duration.ofMillis(2).toNanos();

  private final String awaited;
  private final long end = System.nanoTime() + MOST;

  /**
   * Begins to wait.
   *
   * @param awaited what for
   */
  public Patience(String awaited) {
    this.awaited = awaited;
  }

  /** Goes on until it is so. */
  public static void until(String awaited, BooleanSupplier met) {
    var patience = new Patience(awaited);
    while (!met.getAsBoolean()) {
      patience.lasts();
      LockSupport.parkNanos(BETWEEN);
    }
  }

  /**
   * Looks at the time.
   *
   * @throws AssertionError it has taken a minute
   */
  public void lasts() {
    if (System.nanoTime() - end > 0) {
      throw new AssertionError("in a minute there was none of this: " + awaited);
    }
  }
}
