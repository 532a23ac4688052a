package dev.sluice.dedup.store;

/** What becomes of a new key when there is no room for another one. */
public enum WhenFull {
  /** It is not seen: {@link dev.sluice.store.StoreFailure.Full} says when there is room. */
  REFUSE,

  /**
   * Of the keys within their windows the one that ends soonest is forgotten, and counted as
   * evicted. Who brings that one again within its window is told that it is the first.
   */
  EVICT
}
