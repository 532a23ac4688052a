package dev.sluice.mesh.store;

/** The shard keeps the state of as many keys as it may. */
public final class StoreFullException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoreFullException(int max) {
    super("the shard keeps the state of " + max + " keys, which is the most");
  }
}
