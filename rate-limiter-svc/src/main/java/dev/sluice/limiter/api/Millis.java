package dev.sluice.limiter.api;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** How durations are told over HTTP: nobody comes back by the nanosecond. */
public final class Millis {
  private Millis() {}

  /** In whole milliseconds. */
  public static Duration roundedUp(Duration duration) {
    return duration.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
  }
}
