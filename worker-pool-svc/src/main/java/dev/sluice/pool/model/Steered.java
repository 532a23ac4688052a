package dev.sluice.pool.model;

import java.time.Instant;

/** What has come of an order about one job. */
public sealed interface Steered {

  /**
   * It is done.
   *
   * @param state how far the job has come now
   */
  record Done(JobState state) implements Steered {}

  /**
   * The worker keeps the job.
   *
   * @param until when its lease runs out now
   */
  record Extended(Instant until) implements Steered {}

  /**
   * The job is not in a state for it, or not in this worker's hands (any more).
   *
   * @param state how far the job has come
   */
  record Refused(JobState state) implements Steered {}

  /** There is no such job, or none any more. */
  record Unknown() implements Steered {}
}
