package dev.sluice.pool.model;

import java.time.Duration;

/**
 * How often and how long a job is tried. In a {@link NewJob} each of them may be left to its queue:
 * {@link #orOf} says what holds then.
 *
 * @param attempts how many times at most; at least 1, or 0: as the queue says
 * @param timeout how long one attempt of a push queue may take; of a pull queue the lease says it.
 *     Zero: as the queue says
 * @param backoff how long to wait after a failed one; or {@link Backoff#OF_QUEUE}
 */
public record Terms(int attempts, Duration timeout, Backoff backoff) {
  /** Three attempts of ten seconds. */
  public static final Terms DEFAULT = new Terms(3, Duration.ofSeconds(10), Backoff.DEFAULT);

  /** All as the queue says. */
  public static final Terms OF_QUEUE = new Terms(0, Duration.ZERO, Backoff.OF_QUEUE);

  /** These, and where they do not say, those of the queue. */
  public Terms orOf(Terms queue) {
    return new Terms(
        attempts == 0 ? queue.attempts : attempts,
        timeout.isZero() ? queue.timeout : timeout,
        backoff.equals(Backoff.OF_QUEUE) ? queue.backoff : backoff);
  }
}
