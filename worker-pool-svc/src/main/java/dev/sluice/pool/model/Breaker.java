package dev.sluice.pool.model;

import java.time.Duration;

/**
 * A circuit breaker: a host that has failed so often in a row is left alone for a while, then tried
 * with one call.
 *
 * @param failures how many in a row open it; at least 1
 * @param open how long it stays so
 */
public record Breaker(int failures, Duration open) {}
