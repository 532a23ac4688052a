package dev.sluice.dedup.process.claims;

import java.util.OptionalLong;

/**
 * What a shard has counted since its start, and how it stands.
 *
 * @param waiting how many callers wait
 * @param claimed claims that were granted
 * @param inProgress callers that were told that somebody else has the key
 * @param replayed callers that were given the response
 * @param mismatched callers that came with another request
 * @param completed claims that were completed
 * @param aborted claims that were aborted
 * @param lost owners that came too late
 * @param entries how many keys are kept; empty when only the engine knows
 * @param bytes what their responses have; likewise
 */
public record ClaimCounts(
    long waiting,
    long claimed,
    long inProgress,
    long replayed,
    long mismatched,
    long completed,
    long aborted,
    long lost,
    OptionalLong entries,
    OptionalLong bytes) {}
