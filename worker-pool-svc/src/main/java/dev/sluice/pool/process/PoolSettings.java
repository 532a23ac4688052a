package dev.sluice.pool.process;

import java.time.Duration;

/**
 * The terms of a pool.
 *
 * @param workers how many calls are made at once, by all push queues together
 * @param inbox how many requests may wait in front of the dispatcher
 * @param maxWaiters how many submits may wait for room, and as many leases for jobs, and as many
 *     requests for results
 * @param maxWaitingBytes how many bytes the payloads of submits that wait for room may have
 *     together
 * @param maxWatches how many watches there may be
 * @param maxSchedules how many schedules there may be
 * @param maxRetryAfter how long a target can have itself left alone at most
 * @param hungAfter a call that has not ended this long after it was broken off counts as hung
 * @param ephemeral whether what is not finished when the pool ends is lost: then it goes on with
 *     its push queues while it drains
 * @param finishWithin how long, once told to drain, to go on finishing what is in hand
 * @param handBackWithin how long after that workers may take to hand back what they have in hand
 */
public record PoolSettings(
    int workers,
    int inbox,
    int maxWaiters,
    long maxWaitingBytes,
    int maxWatches,
    int maxSchedules,
    Duration maxRetryAfter,
    Duration hungAfter,
    boolean ephemeral,
    Duration finishWithin,
    Duration handBackWithin) {}
