package dev.sluice.dedup.process;

import dev.sluice.store.Fingerprint;
import java.time.Duration;

/**
 * What can be set of the deduplicator.
 *
 * @param shards how many processes share the keys
 * @param inbox how many requests may wait in front of each
 * @param maxTtl the longest window a caller may ask for
 * @param secret of the keys' fingerprints
 */
public record DedupSettings(int shards, int inbox, Duration maxTtl, Fingerprint.Secret secret) {}
