package dev.sluice.pool.process;

import java.time.Duration;

/**
 * The terms of a pool.
 *
 * @param workers how many calls are made at once
 * @param inbox how many messages may wait in front of the queue
 * @param capacity the most jobs that may be unfinished
 * @param maxContent the most characters of URLs, headers and bodies that unfinished jobs and
 *     waiting submits may hold together
 * @param maxWait the longest that a submit may ask to wait for room; the edge holds it
 * @param maxWaiters how many submits may wait for room
 * @param maxBackoff the longest time between two attempts of a job
 * @param keepFinished how many finished jobs can be asked for
 * @param keepFinishedFor how long a finished job can be asked for
 * @param hungAfter a call that has not ended this long after its timeout counts as hung
 * @param finishWithin how long, once told to drain, to go on finishing jobs
 * @param handBackWithin how long after that workers may take to hand back what they have in hand
 */
public record PoolSettings(
    int workers,
    int inbox,
    int capacity,
    long maxContent,
    Duration maxWait,
    int maxWaiters,
    Duration maxBackoff,
    int keepFinished,
    Duration keepFinishedFor,
    Duration hungAfter,
    Duration finishWithin,
    Duration handBackWithin) {}
