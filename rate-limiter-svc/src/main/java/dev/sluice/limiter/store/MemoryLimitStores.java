package dev.sluice.limiter.store;

import java.util.List;
import java.util.stream.IntStream;

/** The stores in memory of all shards. */
public final class MemoryLimitStores implements LimitStore.Factory {
  private final List<MemoryLimitStore> stores;

  /**
   * @param shards how many there will be
   * @param max the most keys to keep, in each
   */
  public MemoryLimitStores(int shards, long max) {
    stores = IntStream.range(0, shards).mapToObj(_ -> new MemoryLimitStore(max)).toList();
  }

  @Override
  public LimitStore open(int shard, Runnable wake) {
    return stores.get(shard);
  }

  /** How many keys they keep; to be asked only before their processes start or after them. */
  public long size() {
    return stores.stream().mapToLong(MemoryLimitStore::size).sum();
  }

  /** In the order of the shards; to be touched only before their processes start or after them. */
  List<MemoryLimitStore> all() {
    return stores;
  }
}
