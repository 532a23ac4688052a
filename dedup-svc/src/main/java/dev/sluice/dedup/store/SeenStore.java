package dev.sluice.dedup.store;

import dev.sluice.store.StoreStatus;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where one shard keeps the keys it has seen. Every method is called by that shard's process only,
 * so an adapter has no need of locks; and every answer is handed over within one of these calls, so
 * the shard's own state has none either.
 *
 * <pre>
 *   shard: submit submit submit flush ... collect ... collect
 *             |      |      |     |          |
 *   memory:  answer answer answer -          -
 *   SQLite:  keep   keep   keep  hand over  hand over the answers whose commit is done
 *   Redis:   keep   keep   keep  send all   hand over the answers that have come
 * </pre>
 */
public interface SeenStore {

  /**
   * Carries out one operation. The answer is handed over once: before this returns, or within a
   * later {@link #collect}. Operations on one key take effect in the order they were submitted.
   *
   * @param now nanoseconds since 1970-01-01T00:00:00Z, by the shard's clock; an engine with a clock
   *     of its own goes by that
   * @param answer gets the outcome
   */
  void submit(SeenOperation operation, long now, Consumer<? super SeenOutcome> answer);

  /** Ends a batch: an engine that groups hands on what has been submitted since the last one. */
  default void flush() {}

  /** Hands over the answers that have come meanwhile. */
  default void collect() {}

  /** Whether answers are still to come. */
  default boolean isWaiting() {
    return false;
  }

  /**
   * Forgets some of the keys whose window has ended, in a time that nobody notices. Nobody can tell
   * by an answer, but by that of {@link SeenOperation.Count}, whether they have been swept.
   *
   * @param now as in {@link #submit}
   * @return nanoseconds until there is more to do; {@link Long#MAX_VALUE} when nothing is planned
   */
  long sweep(long now);

  /** How the engine is, as this shard finds it. */
  default StoreStatus status() {
    return StoreStatus.LOCAL;
  }

  /** What this shard keeps in its own memory; nothing is said of what is kept elsewhere. */
  default Optional<SeenContents> contents() {
    return Optional.empty();
  }

  /** Makes the store of each shard. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param shard the shard's number
     * @param wake makes the shard's process call {@link #collect} soon; may be called on any
     *     thread, does not wait, and does nothing when the shard has ended
     */
    SeenStore open(int shard, Runnable wake);
  }
}
