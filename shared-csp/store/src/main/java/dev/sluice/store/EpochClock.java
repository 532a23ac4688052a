package dev.sluice.store;

import dev.sluice.csp.Clock;
import java.time.Instant;

/**
 * Nanoseconds since 1970 that never go back: the time of day when the service started, and from
 * then on what the monotonic clock has counted. A later step of the time of day grants and takes
 * nothing.
 */
public final class EpochClock {
  private final Clock clock;
  private final long offset;

  /** Begins at the time of day that the clock has now. */
  public EpochClock(Clock clock) {
    this.clock = clock;
    Instant instant = clock.instant();
    this.offset = instant.getEpochSecond() * 1_000_000_000 + instant.getNano() - clock.nanos();
  }

  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  public long nanos() {
    return clock.nanos() + offset;
  }
}
