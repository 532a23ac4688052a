package dev.sluice.dedup.store.claims;

import dev.sluice.store.StoreStatus;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Where one shard's claims are kept. It is called as {@link dev.sluice.dedup.store.SeenStore} is:
 * by that shard's process only, and every answer is handed over within one of these calls.
 *
 * <pre>
 *            Claim                    Complete
 *   nobody's ------&gt; in progress ------------------&gt; completed
 *      ^                  | Abort, or the lease ends      |
 *      +------------------+-------------------------------+ the ttl ends
 * </pre>
 */
public interface ClaimStore {

  /**
   * Carries out one operation. The answer is handed over once: before this returns, or within a
   * later {@link #collect}. Operations on one key take effect in the order they were submitted, and
   * none meets a claim that has run out.
   *
   * @param now nanoseconds since 1970-01-01T00:00:00Z, by the shard's clock; an engine with a clock
   *     of its own goes by that
   * @param answer gets the outcome; may submit further operations
   */
  void submit(ClaimOperation operation, long now, Consumer<? super ClaimOutcome> answer);

  /** Ends a batch: an engine that groups hands on what has been submitted since the last one. */
  default void flush() {}

  /** Hands over the answers that have come meanwhile. */
  default void collect() {}

  /** Whether answers are still to come. */
  default boolean isWaiting() {
    return false;
  }

  /**
   * Forgets some of what nobody can ask for any more, in a time that nobody notices.
   *
   * @param now as in {@link #submit}
   * @return nanoseconds until there is more to do; {@link Long#MAX_VALUE} when nothing is planned
   */
  long sweep(long now);

  /**
   * How many nanoseconds after {@link ClaimOutcome.InProgress} to ask again at the latest, because
   * the claim may have ended otherwise than through this store; {@link Long#MAX_VALUE} when it
   * cannot.
   */
  default long lookAgain() {
    return Long.MAX_VALUE;
  }

  /** How the engine is, as this shard finds it. */
  default StoreStatus status() {
    return StoreStatus.LOCAL;
  }

  /**
   * How many claims are in progress that can be completed, renewed and aborted through this store
   * only; empty when others can do it too, or nobody can tell.
   */
  default OptionalLong inProgress() {
    return OptionalLong.empty();
  }

  /** How many keys this shard keeps, claimed or done with; empty when only the engine knows. */
  default OptionalLong entries() {
    return OptionalLong.empty();
  }

  /** What their responses have ({@link StoredResponse#size}); empty when only the engine knows. */
  default OptionalLong bytes() {
    return OptionalLong.empty();
  }

  /** Makes the store of each shard. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param shard the shard's number
     * @param wake as in {@link dev.sluice.dedup.store.SeenStore.Factory#open}
     */
    ClaimStore open(int shard, Runnable wake);
  }
}
