package dev.sluice.limiter.store;

/**
 * A stretch of time, in seconds since 1970-01-01T00:00:00Z.
 *
 * @param start the first second
 * @param end the first second after it
 */
public record Window(long start, long end) {}
