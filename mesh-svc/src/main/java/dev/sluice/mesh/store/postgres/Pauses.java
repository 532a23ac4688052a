package dev.sluice.mesh.store.postgres;

import dev.sluice.csp.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a connection is tried again that could not be made: after 100 ms, then twice as long each
 * time up to five seconds, a part of it by chance, so that instances do not come all at once.
 */
final class Pauses {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final Clock clock;
  private final RandomGenerator random;
  private Duration next = FIRST;
  private long end;

  Pauses(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    this.end = clock.nanos();
  }

  /** Begins one. */
  void begin() {
    end = clock.nanos() + Math.round(next.toNanos() * (0.5 + random.nextDouble() / 2));
    next = next.multipliedBy(2);
    if (next.compareTo(LONGEST) > 0) {
      next = LONGEST;
    }
  }

  /** It was made: the next pause is short again. */
  void reset() {
    next = FIRST;
  }

  /** How long the present one lasts still. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - clock.nanos()));
  }
}
