package dev.sluice.limiter.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Permits that somebody has for a time. Instants are nanoseconds since 1970-01-01T00:00:00Z, by the
 * engine's clock.
 *
 * @param permits how many
 * @param holder who has them, in the holder's own words; null when it has not said
 * @param fence grows with each lease of the key
 * @param ttl how long it lasts from its grant, or its last renewal, on
 * @param since when it was granted
 * @param expiresAt when it runs out; from this instant on it is none any more
 */
public record Lease(
    long permits, @Nullable String holder, long fence, Duration ttl, long since, long expiresAt) {}
