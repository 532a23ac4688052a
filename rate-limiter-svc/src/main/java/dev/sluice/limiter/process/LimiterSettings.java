package dev.sluice.limiter.process;

import dev.sluice.store.Fingerprint;
import java.time.Duration;

/**
 * What can be set of the limiter.
 *
 * @param shards how many processes share the keys
 * @param inbox how many requests may wait in front of each
 * @param maxWaiters how many callers may wait for one key
 * @param maxWait the longest wait a caller may ask for; at most a year
 * @param inline whether a request may bring its own terms
 * @param policies those in force from the start
 * @param secret what the keys' fingerprints depend on
 */
public record LimiterSettings(
    int shards,
    int inbox,
    int maxWaiters,
    Duration maxWait,
    boolean inline,
    Policies policies,
    Fingerprint.Secret secret) {}
