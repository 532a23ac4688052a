package dev.sluice.dedup.store;

import java.time.Duration;
import java.time.Instant;

/**
 * Where one shard keeps the keys it has seen. Called by that shard's process only.
 *
 * <p>{@code now} is a nanosecond on one monotonic scale, and windows begin and end by it alone;
 * {@code at} is the same instant by the time of day, which is kept to be answered.
 */
public interface SeenStore {

  /**
   * Sees the key once more. The first time opens a window of length {@code ttl}; within it, up to
   * but not including its last instant, every further time is counted and nothing else is changed:
   * the {@code ttl} of these plays no part.
   *
   * @throws StoreFullException it would be the first time, and there is no room for another key;
   *     nothing that is kept gives way to it
   */
  Seen see(SeenKey key, Duration ttl, long now, Instant at);

  /**
   * Forgets keys whose window has ended, at most so many, the earliest first. Nobody can tell by an
   * answer of {@link #see} whether they have been swept.
   *
   * @return whether more are left to forget
   */
  boolean sweep(long now, int most);

  /** How many keys it keeps, with those that are not swept yet. */
  int size();
}
