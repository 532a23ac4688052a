package dev.sluice.limiter.store;

import dev.sluice.store.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * What leases are of. The limit is no part of it: all leases of a key are counted together, and how
 * many there may be is said by whoever wants one more.
 *
 * @param policy the policy's name; null for limits without a name
 * @param key what is limited
 * @param fingerprint stands for both, and for these only
 */
public record LeaseKey(@Nullable String policy, String key, Fingerprint fingerprint) {}
