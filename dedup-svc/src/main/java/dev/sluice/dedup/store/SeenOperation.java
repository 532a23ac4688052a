package dev.sluice.dedup.store;

/** What a {@link SeenStore} can be asked. */
public sealed interface SeenOperation {

  /**
   * Sees the key once more. The first time opens a window; within it, up to but not including its
   * last instant, every further time is counted.
   *
   * @param key what is seen
   * @param ttl nanoseconds: how long the window lasts that it opens if it is the first; more than 0
   * @param extend whether the window slides: it then lasts at least that long from now on, also
   *     when this is not the first; without it the {@code ttl} of further times plays no part
   */
  record See(SeenKey key, long ttl, boolean extend) implements SeenOperation {}

  /**
   * Says what is known of the key, and does not count this as a sighting.
   *
   * @param key which
   */
  record Peek(SeenKey key) implements SeenOperation {}

  /**
   * Ends the key's window: who comes next is the first.
   *
   * @param key which
   */
  record Forget(SeenKey key) implements SeenOperation {}

  /**
   * Counts the keys of a namespace that this store keeps, those included whose window has ended but
   * that are not swept yet.
   *
   * @param namespace whose keys
   */
  record Count(String namespace) implements SeenOperation {}
}
