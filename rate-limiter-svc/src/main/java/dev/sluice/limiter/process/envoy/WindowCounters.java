package dev.sluice.limiter.process.envoy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Counts hits in the windows of their units. It decides nothing: hits are counted whether they are
 * over a limit or not, as envoyproxy/ratelimit counts them.
 */
public interface WindowCounters {

  /**
   * Hits to count.
   *
   * @param counter which counter; each has a count of its own for every unit
   * @param unit whose present window counts
   * @param hits how many; negative ones are taken off, down to zero
   */
  record Hits(String counter, Unit unit, long hits) {}

  /**
   * What a counter stood at.
   *
   * @param before before the hits
   * @param after with the hits
   * @param untilReset until the window ends, in whole seconds, rounded up
   */
  record Count(long before, long after, Duration untilReset) {}

  /** There is no room for another counter. Nothing was counted. */
  final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FullException(int max) {
      super("all " + max + " counters are in use");
    }
  }

  /**
   * Counts all of them at one instant. Called by one process only.
   *
   * @return a count for each, in order; or fails with {@link FullException}
   */
  CompletionStage<List<Count>> count(List<Hits> hits);

  /** Forgets the counters of windows that have ended. */
  void sweep();
}
