package dev.sluice.pool.process;

import java.time.Duration;

/**
 * How fast the jobs of one queue have ended lately, and what that means for those who want room: a
 * guess. An end counts the less the longer ago it was, e-fold in each minute.
 */
final class Pace {
  static final Duration LEAST = Duration.ofSeconds(1);
  static final Duration MOST = Duration.ofMinutes(1);

  private static final double MEMORY_SECONDS = 60;

  private final long began;
  private long last;
  private double ends;

  /** Of a queue whose first end this is. */
  Pace(long nanos) {
    began = nanos;
    last = nanos;
    ends = 1;
  }

  void ended(long nanos) {
    ends = left(nanos) + 1;
    last = nanos;
  }

  /** How long until so many more have ended: from a second to a minute, in whole milliseconds. */
  Duration until(long more, long nanos) {
    double kept = kept(nanos - began);
    double watched = Math.max(1, MEMORY_SECONDS * (1 - kept));
    double millis = Math.ceil(1_000.0 * more * watched / left(nanos));
    return Duration.ofMillis((long) Math.clamp(millis, LEAST.toMillis(), MOST.toMillis()));
  }

  private double left(long nanos) {
    return ends * kept(nanos - last);
  }

  /** What is left after that time of what was one. */
  private static double kept(long nanos) {
    return Math.exp(-Math.max(0, nanos) / 1e9 / MEMORY_SECONDS);
  }
}
