package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.Gcra;
import java.util.HashMap;
import java.util.Map;

/** Keeps buckets in this process's memory. */
public final class MemoryBucketStore implements BucketStore {
  private final int max;
  private final Map<BucketKey, Gcra> buckets = new HashMap<>();

  /**
   * @param max the most buckets to keep
   */
  public MemoryBucketStore(int max) {
    this.max = max;
  }

  @Override
  public Gcra bucket(BucketKey key, long now) {
    Gcra known = buckets.get(key);
    if (known != null) {
      return known;
    }
    if (buckets.size() >= max) {
      throw new StoreFullException(max);
    }
    var fresh = new Gcra(key.limit(), now);
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
