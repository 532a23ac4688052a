package dev.sluice.dedup.process.claims;

import dev.sluice.store.Fingerprint;
import java.time.Duration;

/**
 * What can be set of claims.
 *
 * @param shards how many processes share the keys
 * @param inbox how many requests may wait in front of each
 * @param maxWaiters how many callers may wait for one key
 * @param maxWait the longest wait a caller may ask for; at most a year, as the others
 * @param maxLease the longest lease
 * @param maxTtl for how long a key may be remembered; no less than {@code maxLease}
 * @param maxResponse the largest response, in bytes of its body and characters of its headers
 * @param drain how long owners may still end their claims when the service is told to stop
 * @param secret what the keys' fingerprints depend on
 */
public record ClaimSettings(
    int shards,
    int inbox,
    int maxWaiters,
    Duration maxWait,
    Duration maxLease,
    Duration maxTtl,
    long maxResponse,
    Duration drain,
    Fingerprint.Secret secret) {
  /** The shortest lease. */
  public static final Duration MIN_LEASE = Duration.ofMillis(1);

  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * @throws ClaimAsk.Invalid a duration is out of range
   */
  public ClaimSettings {
    ClaimAsk.Invalid.check("max-wait", maxWait, Duration.ZERO, LONGEST);
    ClaimAsk.Invalid.check("max-ttl", maxTtl, MIN_LEASE, LONGEST);
    ClaimAsk.Invalid.check("max-lease", maxLease, MIN_LEASE, maxTtl);
    ClaimAsk.Invalid.check("drain", drain, Duration.ZERO, LONGEST);
  }
}
