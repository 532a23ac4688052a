package dev.sluice.pool.process;

/** How far a job has come. */
public enum JobState {
  /** It waits for a worker. */
  QUEUED,
  /** A worker calls its target. */
  RUNNING,
  /** An attempt has failed, and the time for the next has not come. */
  RETRYING,
  /** The target has answered 2xx. */
  SUCCEEDED,
  /**
   * It is given up: the last attempt has failed, or one in a way that makes no other worthwhile.
   */
  FAILED;

  /** Whether nothing more will happen to it. */
  public boolean isFinished() {
    return this == SUCCEEDED || this == FAILED;
  }
}
