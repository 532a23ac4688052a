package dev.sluice.cookbook;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Select;
import java.time.Duration;

/** Stands for work that takes its time. */
final class Pause {
  private Pause() {}

  /** Waits until so much time has passed by the clock; leaves no timer when it is interrupted. */
  static void of(Duration length, Clock clock) throws InterruptedException {
    var select = Select.fair(clock);
    select.after(length);
    select.await();
  }
}
