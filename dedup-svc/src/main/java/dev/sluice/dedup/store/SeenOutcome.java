package dev.sluice.dedup.store;

import dev.sluice.store.StoreFailure;

/** What became of a {@link SeenOperation}. */
public sealed interface SeenOutcome {

  /**
   * The key is within its window; to {@link SeenOperation.See} and {@link SeenOperation.Peek}.
   *
   * @param times how often it was seen; 1 after a {@link SeenOperation.See} means that this was the
   *     first
   * @param firstSeenAt when the window began, in nanoseconds since 1970
   * @param expiresAt when the window ends, likewise: whoever comes then is the first again
   */
  record Seen(long times, long firstSeenAt, long expiresAt) implements SeenOutcome {}

  /**
   * The key is not within a window; to {@link SeenOperation.Peek} and {@link SeenOperation.Forget}.
   */
  record Unknown() implements SeenOutcome {}

  /** The key's window is ended. */
  record Forgotten() implements SeenOutcome {}

  /**
   * How many keys there are.
   *
   * @param keys of the namespace
   */
  record Counted(long keys) implements SeenOutcome {}

  /**
   * It was not carried out, as far as anybody knows.
   *
   * @param why what was in the way
   */
  record Failed(StoreFailure why) implements SeenOutcome {}
}
