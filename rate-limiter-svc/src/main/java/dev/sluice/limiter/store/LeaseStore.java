package dev.sluice.limiter.store;

import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Where one shard's leases are kept. It is called as {@link LimitStore} is: by that shard's process
 * only, and every answer is handed over within one of these calls.
 */
public interface LeaseStore {

  /**
   * Carries out one operation. The answer is handed over once: before this returns, or within a
   * later {@link #collect}. Operations on one key take effect in the order they were submitted, and
   * none meets a lease that has run out.
   *
   * @param now nanoseconds since 1970-01-01T00:00:00Z, by the shard's clock; an engine with a clock
   *     of its own goes by that
   * @param answer gets the outcome; may submit further operations
   */
  void submit(LeaseOperation operation, long now, Consumer<? super LeaseOutcome> answer);

  /** Ends a batch: an engine that pipelines sends what has been submitted since the last one. */
  default void flush() {}

  /** Hands over the answers that have come meanwhile. */
  default void collect() {}

  /** Whether answers are still to come. */
  default boolean isWaiting() {
    return false;
  }

  /**
   * Ends what has run out, and looks after what does not come back.
   *
   * @param now as in {@link #submit}
   * @return nanoseconds until there is more to do; {@link Long#MAX_VALUE} when nothing is planned
   */
  long sweep(long now);

  /**
   * How many nanoseconds after a refusal to ask again at the latest, because permits may have come
   * back otherwise than through this store; {@link Long#MAX_VALUE} when they cannot.
   */
  default long lookAgain() {
    return Long.MAX_VALUE;
  }

  /** How many leases this store has seen run out. */
  long expired();

  /** How many permits are out; empty when only the engine knows. */
  OptionalLong out();

  /** Makes the store of each shard. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param shard the shard's number
     * @param wake as in {@link LimitStore.Factory#open}
     */
    LeaseStore open(int shard, Runnable wake);
  }
}
