package dev.sluice.limiter.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Counts hits in windows of time. It decides nothing: hits are counted whether they are over a
 * limit or not, as envoyproxy/ratelimit counts them. Called by one process only.
 */
public interface WindowCounters {

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

  /** There is no room for another counter. Nothing was counted. */
  final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param max how many counters there may be
     */
    public FullException(int max) {
      super("all " + max + " counters are in use");
    }
  }

  /**
   * Counts all of them, one after the other.
   *
   * @return a count for each, in order; or fails with {@link FullException}
   */
  CompletionStage<List<Count>> count(List<Hits> hits);

  /**
   * Forgets the counters of windows that have ended.
   *
   * @param now seconds since 1970-01-01T00:00:00Z
   */
  void sweep(long now);
}
