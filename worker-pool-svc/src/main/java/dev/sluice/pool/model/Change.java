package dev.sluice.pool.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a job.
 *
 * @param id which
 * @param queue the name of its queue
 * @param from how far it had come; null when it is new
 * @param to how far it has come; the same as {@code from} when it has only made progress
 * @param attempt the number of the attempt that runs or ran last; 0 before the first
 * @param at when
 * @param due when something is to happen to it by time; null: nothing
 * @param error why an attempt has failed; null when none has
 * @param progress what its worker reports; null for nothing
 */
public record Change(
    UUID id,
    String queue,
    @Nullable JobState from,
    JobState to,
    int attempt,
    Instant at,
    @Nullable Instant due,
    @Nullable String error,
    @Nullable Payload progress) {

  /** Whether a worker can have it now, and could not before. */
  public boolean isReady() {
    return to == JobState.QUEUED && from != JobState.QUEUED;
  }

  /** Whether it has made room for another. */
  public boolean isFinish() {
    return to.isFinished() && from != null && !from.isFinished();
  }
}
