package dev.sluice.limiter.process;

import dev.sluice.limiter.store.Limit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit with a name, and how it is applied.
 *
 * @param name what requests call it
 * @param limit what it allows
 * @param maxWait the longest wait of its callers; null: the service's
 * @param shadow decides and counts, but never refuses
 * @param keys which keys it takes; null: all
 * @param whenEngineFails what becomes of requests that the engine cannot count
 */
public record Policy(
    String name,
    Limit limit,
    @Nullable Duration maxWait,
    boolean shadow,
    @Nullable KeyPattern keys,
    WhenEngineFails whenEngineFails) {

  /** What becomes of requests that the engine cannot count. */
  public enum WhenEngineFails {
    /** They are granted. */
    OPEN,
    /** They are turned away: 503. */
    CLOSED
  }

  /**
   * A policy of these terms and nothing else.
   *
   * @throws Invalid the terms mean no limit
   */
  public static Policy of(String name, Terms terms) {
    return new Policy(name, terms.limit(""), null, false, null, WhenEngineFails.CLOSED);
  }
}
