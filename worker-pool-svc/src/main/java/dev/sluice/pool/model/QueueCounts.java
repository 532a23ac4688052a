package dev.sluice.pool.model;

/**
 * How many jobs of a queue are where.
 *
 * @param scheduled not to begin yet
 * @param blocked behind another of their group
 * @param queued waiting for a worker
 * @param running in a worker's hands
 * @param retrying waiting for their next attempt
 * @param succeeded done, and still kept
 * @param failed dead letters
 * @param cancelled not wanted any more, and still kept
 * @param bytes of the payloads of those that are unfinished
 */
public record QueueCounts(
    long scheduled,
    long blocked,
    long queued,
    long running,
    long retrying,
    long succeeded,
    long failed,
    long cancelled,
    long bytes) {

  /** How many are unfinished: never more than the queue's capacity. */
  public long depth() {
    return scheduled + blocked + queued + running + retrying;
  }
}
