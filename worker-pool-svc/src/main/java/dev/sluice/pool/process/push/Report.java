package dev.sluice.pool.process.push;

/**
 * What a worker says of the call that it has made.
 *
 * @param hand for which job
 * @param end what has come of it
 */
public record Report(Hand hand, CallEnd end) {}
