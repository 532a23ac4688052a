package dev.sluice.limiter.api.permits;

import dev.sluice.limiter.process.Terms;
import dev.sluice.service.Key;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * Asks who has leases.
 *
 * @param key of what
 * @param policy under which policy; null: under limits that requests bring
 * @param limit how many may be out; null: nobody needs to know how many remain
 */
record LeasesQuery(
    @Key String key,
    @Nullable String policy,
    @Min(1) @Max(Terms.MAX_PERMITS) @Nullable Long limit) {}
