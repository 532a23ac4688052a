package dev.sluice.limiter.store;

import dev.sluice.csp.patterns.RateLimit;
import org.jspecify.annotations.Nullable;

/**
 * Which bucket. The limit is part of it: the same key under two limits is two buckets, and a policy
 * whose terms change starts anew.
 *
 * @param policy the policy's name; null for a limit that came with the request
 * @param key what is limited
 * @param limit the bucket's terms
 */
public record BucketKey(@Nullable String policy, String key, RateLimit limit) {}
