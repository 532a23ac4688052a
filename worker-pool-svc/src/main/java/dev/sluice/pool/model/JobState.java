package dev.sluice.pool.model;

/**
 * How far a job has come.
 *
 * <pre>
 *   submit --> SCHEDULED --> QUEUED --> RUNNING --> SUCCEEDED, FAILED, CANCELLED
 *          \-> BLOCKED  ----^   ^         |
 *                               +- RETRYING
 * </pre>
 */
public enum JobState {
  /** It is not to begin before some instant. */
  SCHEDULED(0),
  /** An earlier job of its group is not finished. */
  BLOCKED(1),
  /** It waits for a worker. */
  QUEUED(2),
  /** A worker has it. */
  RUNNING(3),
  /** An attempt has failed, and the time for the next has not come. */
  RETRYING(4),
  /** It is done. */
  SUCCEEDED(5),
  /**
   * It is given up, a dead letter: the last attempt has failed, or one in a way that makes no other
   * worthwhile, or its deadline has passed.
   */
  FAILED(6),
  /** Somebody did not want it any more. */
  CANCELLED(7);

  private static final JobState[] BY_CODE = values();

  private final int code;

  JobState(int code) {
    this.code = code;
  }

  /** What stands for it where it is stored; never changed. */
  public int code() {
    return code;
  }

  /** The state of a {@link #code}. */
  public static JobState of(int code) {
    return BY_CODE[code];
  }

  /** Whether nothing more will happen to it by itself. */
  public boolean isFinished() {
    return code >= SUCCEEDED.code;
  }
}
