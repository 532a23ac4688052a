package dev.sluice.pool.process;

import dev.sluice.store.EpochClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The pace of each queue, of those {@link #KEPT} that have ended a job last. */
final class Paces {
  static final int KEPT = 1_000;

  private final EpochClock clock;

  /** The one that has ended a job last is last. */
  private final SequencedMap<String, Pace> paces = new LinkedHashMap<>();

  Paces(EpochClock clock) {
    this.clock = clock;
  }

  /** A job of the queue has ended. */
  void ended(String queue) {
    long now = clock.nanos();
    Pace known = paces.remove(queue);
    if (known == null) {
      paces.put(queue, new Pace(now));
    } else {
      known.ended(now);
      paces.put(queue, known);
    }
    if (paces.size() > KEPT) {
      paces.pollFirstEntry();
    }
  }

  /** How long until so many more jobs of the queue have ended; {@link Pace#LEAST}: unknown. */
  Duration until(String queue, long more) {
    Pace known = paces.get(queue);
    return known == null ? Pace.LEAST : known.until(more, clock.nanos());
  }
}
