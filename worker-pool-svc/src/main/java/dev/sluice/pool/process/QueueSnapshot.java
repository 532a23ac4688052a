package dev.sluice.pool.process;

import java.time.Duration;

/**
 * The numbers of the queue at one instant. At every instant {@code depth = queued + running +
 * retrying <= capacity}, and {@code accepted + loaded = depth + succeeded + failed}.
 *
 * @param capacity the most jobs that may be unfinished
 * @param depth how many are
 * @param queued how many of them wait for a worker
 * @param running how many of them a worker has in hand
 * @param retrying how many of them wait for the time of their next attempt
 * @param waiting how many submits wait for room
 * @param workers how many workers there are
 * @param finished how many finished jobs can still be asked for
 * @param content the characters of URLs, headers and bodies in memory, of unfinished jobs and of
 *     submits that wait
 * @param accepted how many jobs were accepted since the start
 * @param loaded how many were left over from the run before
 * @param refused how many submits were refused for want of room
 * @param succeeded how many jobs have succeeded
 * @param failed how many were given up
 * @param attempts how many attempts have ended
 * @param attemptTime how long those took, together
 * @param retried how many of those failed and were, or will be, followed by another
 * @param draining whether the service is stopping
 */
public record QueueSnapshot(
    int capacity,
    int depth,
    int queued,
    int running,
    int retrying,
    int waiting,
    int workers,
    int finished,
    long content,
    long accepted,
    long loaded,
    long refused,
    long succeeded,
    long failed,
    long attempts,
    Duration attemptTime,
    long retried,
    boolean draining) {}
