package dev.sluice.limiter.store;

import java.util.HashMap;
import java.util.Map;

/** Keeps buckets in this process's memory. */
public final class MemoryBucketStore implements BucketStore {
  private final int max;
  private final Map<BucketKey, TokenBucket> buckets = new HashMap<>();

  /**
   * @param max the most buckets to keep
   */
  public MemoryBucketStore(int max) {
    this.max = max;
  }

  @Override
  public TokenBucket bucket(BucketKey key, long now) {
    TokenBucket known = buckets.get(key);
    if (known != null) {
      return known;
    }
    if (buckets.size() >= max) {
      throw new StoreFullException(max);
    }
    var fresh = new TokenBucket(key.limit(), now);
    buckets.put(key, fresh);
    return fresh;
  }

  @Override
  public void sweep(long now) {
    buckets.values().removeIf(bucket -> bucket.isFull(now));
  }

  @Override
  public int size() {
    return buckets.size();
  }
}
