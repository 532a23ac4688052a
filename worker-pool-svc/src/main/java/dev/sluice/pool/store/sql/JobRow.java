package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.NewJob.Priority;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What changes of a job, read to be changed and written back within a transaction. Instants are
 * milliseconds since 1970.
 */
final class JobRow {
  final UUID id;
  final String queue;
  final Priority priority;
  final @Nullable String group;
  final long acceptedAt;

  /** Its place in the order of acceptance; 0 before it has one. */
  long seq;

  JobState state;

  /** Its one timer: when the sweep has to look at it. */
  @Nullable Long due;

  /** What a worker shows; null while nobody has it. */
  @Nullable Long lease;

  /** How many attempts have ended. */
  long tried;

  /** How many of them do not count, as the job was begun anew, or handed out by who was killed. */
  long uncounted;

  /** Null as soon as it has begun. */
  @Nullable String debounce;

  /** Whether an idempotency key stands for it. */
  boolean keyed;

  /** When it may begin; null: at once. */
  @Nullable Long beginAt;

  @Nullable Long deadline;
  @Nullable Long startedAt;
  @Nullable Long finishedAt;
  @Nullable String worker;
  @Nullable String error;

  /** Of the payload. */
  long bytes;

  JobRow(
      UUID id,
      String queue,
      JobState state,
      Priority priority,
      @Nullable String group,
      long acceptedAt) {
    this.id = id;
    this.queue = queue;
    this.state = state;
    this.priority = priority;
    this.group = group;
    this.acceptedAt = acceptedAt;
  }

  /** Attempts that count. */
  long made() {
    return tried - uncounted;
  }

  /** The number of the attempt that runs or ran last. */
  int attempt() {
    return Math.toIntExact(state == JobState.RUNNING ? tried + 1 : tried);
  }

  boolean isPastDeadline(long at) {
    return deadline != null && deadline <= at;
  }
}
