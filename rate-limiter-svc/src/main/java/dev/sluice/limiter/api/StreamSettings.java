package dev.sluice.limiter.api;

/**
 * What can be set of gRPC's streams.
 *
 * @param window how many requests of one may be under way
 */
public record StreamSettings(int window) {}
