package dev.sluice.limiter.store;

import dev.sluice.store.StoreStatus;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts hits in windows of time. It decides nothing: hits are counted whether they are over a
 * limit or not, as envoyproxy/ratelimit counts them. Every method is called by one process only,
 * and every answer is handed over within one of these calls, as by a {@link LimitStore}.
 */
public interface WindowCounters {
  /** No counter goes further than this; far beyond any limit, and still exact in Lua's doubles. */
  long MOST = (1L << 53) - 1;

  /**
   * Hits to count.
   *
   * @param counter which counter; it has a count of its own in every window
   * @param hits how many; negative ones are taken off, down to zero
   */
  record Hits(String counter, Window window, long hits) {}

  /**
   * What a counter stood at.
   *
   * @param before before the hits
   * @param after with the hits
   */
  record Count(long before, long after) {}

  /** What became of hits. When it is a failure some of them may have been counted. */
  sealed interface Answer permits Counted, Outcome.Failure {}

  /**
   * They were counted.
   *
   * @param counts one for each, in order
   */
  record Counted(List<Count> counts) implements Answer {}

  /**
   * Counts all of them, one after the other. The answer is handed over once: before this returns,
   * or within a later {@link #collect}. Any number may be under way.
   *
   * @param now nanoseconds by the process's clock; only differences mean anything
   */
  void submit(List<Hits> hits, long now, Consumer<? super Answer> answer);

  /** Ends a batch: an engine that pipelines sends what has been submitted since the last one. */
  default void flush() {}

  /** Hands over the answers that have come meanwhile. */
  default void collect() {}

  /** Whether answers are still to come. */
  default boolean isWaiting() {
    return false;
  }

  /**
   * Forgets the counters of windows that have ended.
   *
   * @param now as in {@link #submit}
   * @param instant the time of day, by which windows end
   * @return nanoseconds until there is more to do
   */
  long sweep(long now, Instant instant);

  /** How the engine is, as this process finds it. */
  default StoreStatus status() {
    return StoreStatus.LOCAL;
  }

  /** Makes the counters of a process. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param wake makes the process call {@link #collect} soon; may be called on any thread, does
     *     not wait, and does nothing when the process has ended
     */
    WindowCounters open(Runnable wake);
  }
}
