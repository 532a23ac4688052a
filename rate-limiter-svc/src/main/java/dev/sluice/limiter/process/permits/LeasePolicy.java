package dev.sluice.limiter.process.permits;

import dev.sluice.limiter.process.Invalid;
import dev.sluice.limiter.process.KeyPattern;
import dev.sluice.limiter.process.Policy;
import dev.sluice.limiter.process.Policy.WhenEngineFails;
import dev.sluice.limiter.process.Terms;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A concurrency limit with a name, and how it is applied.
 *
 * @param name what requests call it
 * @param permits how many may be out of each key; 1 to {@value Terms#MAX_PERMITS}
 * @param maxTtl the longest lease; null: the service's
 * @param maxWait the longest wait of its callers; null: the service's
 * @param keys which keys it takes; null: all
 * @param whenEngineFails what becomes of acquires that the engine cannot count
 */
public record LeasePolicy(
    String name,
    long permits,
    @Nullable Duration maxTtl,
    @Nullable Duration maxWait,
    @Nullable KeyPattern keys,
    WhenEngineFails whenEngineFails) {

  /**
   * @throws Invalid the name is none that a policy may have, or a number or a duration out of range
   */
  public LeasePolicy {
    Policy.checkName(name);
    if (permits < 1 || permits > Terms.MAX_PERMITS) {
      throw new Invalid("permits", permits, "must be 1 to " + Terms.MAX_PERMITS);
    }
    if (maxTtl != null && maxTtl.compareTo(LeaseSettings.MIN_TTL) < 0) {
      throw new Invalid("maxTtl", maxTtl, "must be at least 1ms");
    }
    if (maxWait != null && maxWait.isNegative()) {
      throw new Invalid("maxWait", maxWait, "must not be negative");
    }
  }
}
