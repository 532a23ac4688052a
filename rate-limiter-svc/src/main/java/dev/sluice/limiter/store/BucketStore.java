package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.Gcra;

/** Where one shard keeps its buckets. Called by that shard's process only. */
public interface BucketStore {

  /**
   * The bucket of the key; a full one when the store has none.
   *
   * @throws StoreFullException there is none, and no room for another
   */
  Gcra bucket(BucketKey key, long now);

  /** Forgets buckets that are full again: they are the same as none. */
  void sweep(long now);

  /** How many buckets it keeps. */
  int size();
}
