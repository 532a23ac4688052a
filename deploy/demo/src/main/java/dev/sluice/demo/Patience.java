package dev.sluice.demo;

import dev.sluice.csp.Timer;
import java.time.Duration;

/** How long something may be tried again; runs from its making on. */
record Patience(Duration limit, Stopwatch watch) {

  /**
   * Waits, unless that would take longer than the patience lasts.
   *
   * @return whether it has waited
   */
  boolean pause(Duration pause) throws InterruptedException {
    if (watch.elapsed().plus(pause).compareTo(limit) > 0) {
      return false;
    }
    Timer.after(pause, watch.clock()).receive();
    return true;
  }

  boolean isOver() {
    return watch.elapsed().compareTo(limit) > 0;
  }
}
