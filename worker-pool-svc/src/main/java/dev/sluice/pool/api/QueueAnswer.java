package dev.sluice.pool.api;

import dev.sluice.pool.process.QueueSnapshot;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The numbers of the queue at one instant: {@code depth = queued + running + retrying <= capacity},
 * and {@code accepted + loaded = depth + succeeded + failed}.
 *
 * @param capacity the most jobs that may be unfinished
 * @param depth how many are
 * @param queued how many of them wait for a worker
 * @param workers how many calls are made at once
 * @param running how many jobs a worker has in hand
 * @param retrying how many jobs wait for the time of their next attempt
 * @param waiting how many requests wait for room
 * @param accepted how many jobs were accepted since the start
 * @param loaded how many were left over from the run before
 * @param refused how many requests were refused for want of room
 * @param succeeded how many jobs have succeeded
 * @param failed how many were given up
 * @param attempts how many attempts have ended
 * @param retried how many of those failed and are followed by another
 * @param finished how many finished jobs can still be asked for
 * @param content the characters of URLs, headers and bodies in memory
 * @param draining whether the service is stopping
 */
@Schema(name = "Queue")
public record QueueAnswer(
    int capacity,
    int depth,
    int queued,
    int workers,
    int running,
    int retrying,
    int waiting,
    long accepted,
    long loaded,
    long refused,
    long succeeded,
    long failed,
    long attempts,
    long retried,
    int finished,
    long content,
    boolean draining) {

  static QueueAnswer of(QueueSnapshot queue) {
    return new QueueAnswer(
        queue.capacity(),
        queue.depth(),
        queue.queued(),
        queue.workers(),
        queue.running(),
        queue.retrying(),
        queue.waiting(),
        queue.accepted(),
        queue.loaded(),
        queue.refused(),
        queue.succeeded(),
        queue.failed(),
        queue.attempts(),
        queue.retried(),
        queue.finished(),
        queue.content(),
        queue.draining());
  }
}
