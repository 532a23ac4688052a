package dev.sluice.limiter.process.permits;

import dev.sluice.limiter.process.Invalid;
import dev.sluice.store.Fingerprint;
import java.time.Duration;
import java.util.Map;

/**
 * What can be set of concurrency limits.
 *
 * @param shards how many processes share the keys
 * @param inbox how many requests may wait in front of each
 * @param maxWaiters how many callers may wait for one key
 * @param maxWait the longest wait a caller may ask for; at most a year
 * @param defaultTtl how long a lease lasts that does not say
 * @param maxTtl how long one may last; at most a year
 * @param inline whether a request may bring its own limit
 * @param policies limits by name
 * @param secret what the keys' fingerprints depend on
 */
public record LeaseSettings(
    int shards,
    int inbox,
    int maxWaiters,
    Duration maxWait,
    Duration defaultTtl,
    Duration maxTtl,
    boolean inline,
    Map<String, LeasePolicy> policies,
    Fingerprint.Secret secret) {
  /** The shortest lease. */
  public static final Duration MIN_TTL = Duration.ofMillis(1);

  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * Copies the policies.
   *
   * @throws Invalid a duration is out of range
   */
  public LeaseSettings {
    check("max-wait", maxWait, Duration.ZERO, LONGEST);
    check("max-ttl", maxTtl, MIN_TTL, LONGEST);
    check("default-ttl", defaultTtl, MIN_TTL, maxTtl);
    policies = Map.copyOf(policies);
  }

  private static void check(String field, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new Invalid(
          field, value, "must be from " + least.toMillis() + "ms to " + most.toMillis() + "ms");
    }
  }
}
