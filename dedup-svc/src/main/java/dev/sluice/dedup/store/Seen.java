package dev.sluice.dedup.store;

import java.time.Instant;

/**
 * What is known of a key within its window, this time included.
 *
 * @param times how often it was seen; 1 means that this was the first
 * @param firstSeenAt when the window began
 * @param expiresAt when the window ends: whoever comes then is the first again
 */
public record Seen(long times, Instant firstSeenAt, Instant expiresAt) {}
