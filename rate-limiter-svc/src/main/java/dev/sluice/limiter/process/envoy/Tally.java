package dev.sluice.limiter.process.envoy;

import dev.sluice.limiter.store.WindowCounters;

/**
 * How the hits of one decision stand to their limit, by the names that envoyproxy/ratelimit's
 * statistics have.
 *
 * @param totalHits all of them
 * @param overLimit those over the limit
 * @param nearLimit those under it, but over the ratio of it that is near
 * @param withinLimit all of them, when none is over the limit
 * @param shadowMode those over the limit that shadow mode let pass
 */
public record Tally(
    long totalHits, long overLimit, long nearLimit, long withinLimit, long shadowMode) {

  /** Of hits that have no limit. */
  static Tally unlimited(long hits) {
    return new Tally(hits, 0, 0, hits, 0);
  }

  /**
   * Of hits that were counted; those that were given back are no hits.
   *
   * @param near how many of a window's hits are not yet near the limit
   */
  static Tally of(long limit, long near, WindowCounters.Count count, long hits, boolean shadow) {
    if (hits < 0) {
      return new Tally(0, 0, 0, 0, 0);
    }
    long before = count.before();
    long after = count.after();
    if (after <= limit) {
      return new Tally(hits, 0, Math.max(0, Math.min(hits, after - near)), hits, 0);
    }
    long over = before >= limit ? hits : after - limit;
    long nearHits = before >= limit ? 0 : limit - Math.max(near, before);
    return new Tally(hits, over, nearHits, 0, shadow ? over : 0);
  }
}
