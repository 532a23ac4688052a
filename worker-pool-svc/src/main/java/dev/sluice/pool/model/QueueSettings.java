package dev.sluice.pool.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a queue works; may be changed while it does.
 *
 * @param kind who does its jobs
 * @param capacity the most jobs that may be unfinished
 * @param capacityBytes the most bytes that the payloads of unfinished jobs may have together
 * @param workers push: how many calls are made at once, by one instance
 * @param lease pull: how long a worker has a job when it does not say
 * @param terms of jobs that do not say
 * @param rate how many jobs are handed out, by one instance; null: as many as can be
 * @param hostWorkers push: how many calls are made at once to one host, by one instance
 * @param hostRate push: how many calls are begun to one host, by one instance; null: as many as can
 *     be
 * @param breaker push: when a host is left alone; null: never
 * @param secret push: signs the calls (Standard Webhooks), {@code whsec_} and base64; null: they
 *     are not signed
 * @param retryClientErrors push: whether a 4xx other than 429 is tried again
 * @param idempotencyWindow how long an idempotency key stands for its job
 * @param keepSucceeded how long succeeded and cancelled jobs can be asked for
 * @param keepFailed how long failed jobs, the dead letters, are kept
 * @see <a href="https://www.standardwebhooks.com/">Standard Webhooks</a>
 */
public record QueueSettings(
    Kind kind,
    int capacity,
    long capacityBytes,
    int workers,
    Duration lease,
    Terms terms,
    @Nullable Rate rate,
    int hostWorkers,
    @Nullable Rate hostRate,
    @Nullable Breaker breaker,
    @Nullable String secret,
    boolean retryClientErrors,
    Duration idempotencyWindow,
    Duration keepSucceeded,
    Duration keepFailed) {

  /** Who does the jobs of a queue. */
  public enum Kind {
    /** The service calls their targets. */
    PUSH,
    /** Workers outside ask for them. */
    PULL
  }
}
