package dev.sluice.limiter.store;

/** The store keeps as many buckets as it may, and none of them is full again yet. */
public final class StoreFullException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoreFullException(int max) {
    super("all " + max + " buckets of this shard are in use");
  }
}
