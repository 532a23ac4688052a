package dev.sluice.mesh.process;

import dev.sluice.mesh.model.RouterAddress;
import org.jspecify.annotations.Nullable;

/**
 * What can be set of a router.
 *
 * @param address its name, and where workers reach it
 * @param launch what its launcher gave it; 0 when nobody launched it
 * @param inbox how many requests may wait in front of it
 * @param inFlight how many requests may be unanswered at all
 * @param inFlightPerShard how many of one shard may
 * @param inFlightChars how many characters their payloads may have together
 * @param redeliveries how many times a request is delivered again after the worker that was running
 *     it got stuck or died
 * @param knownIds how many ids of requests, with their outcomes, are remembered beside the log
 * @param knownChars how many characters those outcomes may have together
 */
public record RouterSettings(
    RouterAddress address,
    long launch,
    @Nullable Long pid,
    int inbox,
    int inFlight,
    int inFlightPerShard,
    long inFlightChars,
    int redeliveries,
    int knownIds,
    long knownChars) {}
