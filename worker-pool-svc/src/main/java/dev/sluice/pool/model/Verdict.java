package dev.sluice.pool.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the worker says of an attempt that it ends. */
public sealed interface Verdict {

  /**
   * The job is done.
   *
   * @param status what the target answered; null when there is no target
   * @param result null for none
   */
  record Succeeded(@Nullable Integer status, @Nullable Payload result) implements Verdict {}

  /**
   * It makes no sense to try again.
   *
   * @param status what the target answered; null when it did not
   * @param error why
   * @param result what the target answered besides; null for nothing
   */
  record Failed(@Nullable Integer status, String error, @Nullable Payload result)
      implements Verdict {}

  /**
   * It has failed, and is tried again if attempts are left.
   *
   * @param status what the target answered; null when it did not
   * @param error why
   * @param after how long to wait at least
   * @param backoff whether to wait at least as long as the job's backoff says too
   */
  record Retry(@Nullable Integer status, String error, Duration after, boolean backoff)
      implements Verdict {}

  /**
   * It was not tried, or broken off for no fault of its own: the attempt does not count.
   *
   * @param after how long to wait before it is handed out again
   */
  record HandedBack(Duration after) implements Verdict {}
}
