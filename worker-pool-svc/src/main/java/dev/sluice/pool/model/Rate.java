package dev.sluice.pool.model;

import java.time.Duration;

/**
 * A token bucket: so many in some time.
 *
 * @param limit how many; at least 1
 * @param per in which time
 * @param burst how many at once after a pause; at least 1
 */
public record Rate(int limit, Duration per, int burst) {}
