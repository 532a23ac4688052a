package dev.sluice.market.stage;

/**
 * What a normaliser says to the gate of a source.
 *
 * @param good how many of its ticks could be read since the last verdict
 * @param bad how many could not
 */
public record Verdict(long good, long bad) {}
