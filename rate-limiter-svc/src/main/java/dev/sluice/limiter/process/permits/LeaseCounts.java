package dev.sluice.limiter.process.permits;

import java.util.OptionalLong;

/**
 * What a shard has counted since its start, and how it stands.
 *
 * @param out how many permits are out; empty when only the engine knows
 * @param waiting how many callers wait
 * @param granted leases that were granted
 * @param refused acquires that were refused
 * @param expired leases that were seen to run out
 */
public record LeaseCounts(
    OptionalLong out, long waiting, long granted, long refused, long expired) {}
