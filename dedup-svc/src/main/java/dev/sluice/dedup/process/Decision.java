package dev.sluice.dedup.process;

import dev.sluice.dedup.store.SeenOutcome;
import dev.sluice.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;

/** What the deduplicator answers. */
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

  /** The key is not within a window. */
  record Unknown() implements Decision {}

  /** The key's window is ended: who comes next is the first. */
  record Forgotten() implements Decision {}

  /**
   * How many keys of a namespace are kept.
   *
   * @param keys how many
   */
  record Counted(long keys) implements Decision {}

  /**
   * Nothing was decided: it would be the first time, and no other key is forgotten for it.
   *
   * @param reason what is full
   * @param roomIn how long until the next window ends and there is room for one more
   */
  record StoreFull(String reason, Duration roomIn) implements Decision {}

  /**
   * Nobody knows what was decided: the engine does not answer.
   *
   * @param reason what its client says
   * @param retryAfter when it is asked again
   */
  record StoreUnavailable(String reason, Duration retryAfter) implements Decision {}

  /**
   * Nothing was decided: the deduplicator has no room for the request now.
   *
   * @param reason of what there is too much
   */
  record NoRoom(String reason) implements Decision {}

  /** Says it in the caller's words. */
  static Decision of(SeenOutcome outcome) {
    return switch (outcome) {
      case SeenOutcome.Seen(long times, long firstSeenAt, long expiresAt) ->
          new Sighting(times == 1, times, instant(firstSeenAt), instant(expiresAt));
      case SeenOutcome.Unknown() -> new Unknown();
      case SeenOutcome.Forgotten() -> new Forgotten();
      case SeenOutcome.Counted(long keys) -> new Counted(keys);
      case SeenOutcome.Failed(StoreFailure.Full(String reason, Duration roomIn)) ->
          new StoreFull(reason, roomIn);
      case SeenOutcome.Failed(StoreFailure.Busy(String reason)) -> new NoRoom(reason);
      case SeenOutcome.Failed(StoreFailure.Unavailable(String reason, Duration retryAfter)) ->
          new StoreUnavailable(reason, retryAfter);
    };
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
  }
}
