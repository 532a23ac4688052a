package dev.sluice.dedup.process;

import java.time.Duration;
import java.time.Instant;

/** What the deduplicator answers to an {@link Ask}. */
public sealed interface Decision {

  /**
   * The key is seen.
   *
   * @param first whether nobody was before the caller within the window: true for exactly one
   * @param seen how often the key was seen within the window, this time included
   * @param firstSeenAt when the window began
   * @param expiresAt when the window ends: whoever comes then is the first again
   */
  record Sighting(boolean first, long seen, Instant firstSeenAt, Instant expiresAt)
      implements Decision {}

  /**
   * Nothing was decided: it would be the first time, and no other key is forgotten for it.
   *
   * @param reason what is full
   * @param roomIn how long until the next window ends and there is room for one more
   */
  record StoreFull(String reason, Duration roomIn) implements Decision {}

  /**
   * Nothing was decided: the deduplicator has no room for the request now.
   *
   * @param reason of what there is too much
   */
  record NoRoom(String reason) implements Decision {}
}
