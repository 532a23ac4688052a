package dev.sluice.limiter.process;

import dev.sluice.csp.patterns.RateLimit;
import java.time.Duration;
import java.util.Map;

/**
 * What can be set of the limiter.
 *
 * @param shards how many processes share the keys
 * @param inbox how many requests may wait in front of each
 * @param maxWaiters how many callers may wait for one bucket
 * @param maxWait the longest wait a caller may ask for
 * @param inlineLimits whether a request may bring its own terms
 * @param policies terms by name
 */
public record LimiterSettings(
    int shards,
    int inbox,
    int maxWaiters,
    Duration maxWait,
    boolean inlineLimits,
    Map<String, RateLimit> policies) {

  /** Copies the policies. */
  public LimiterSettings {
    policies = Map.copyOf(policies);
  }
}
