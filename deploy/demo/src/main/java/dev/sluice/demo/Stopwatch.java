package dev.sluice.demo;

import dev.sluice.csp.Clock;
import java.time.Duration;

/** Runs from its start on, by a clock. */
record Stopwatch(Clock clock, long began) {

  static Stopwatch start(Clock clock) {
    return new Stopwatch(clock, clock.nanos());
  }

  Duration elapsed() {
    return Duration.ofNanos(clock.nanos() - began);
  }
}
