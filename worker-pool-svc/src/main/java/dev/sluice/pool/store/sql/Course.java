package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which the state of a job changes: the row is written, the counts follow, the
 * change is told, and when the head of a group is finished the next one comes.
 *
 * <p>Of the unfinished jobs of a group all but one are blocked.
 */
final class Course {
  /** Why a job has failed that was not begun in time. */
  static final String TOO_LATE = "its deadline has passed";

  private final JobTable jobs;
  private final ContentTable contents;
  private final QueueTable queues;
  private final KeyTable keys;
  private final Counts counts;
  private final Transaction transaction;

  Course(
      JobTable jobs,
      ContentTable contents,
      QueueTable queues,
      KeyTable keys,
      Counts counts,
      Transaction transaction) {
    this.jobs = jobs;
    this.contents = contents;
    this.queues = queues;
    this.keys = keys;
    this.counts = counts;
    this.transaction = transaction;
  }

  /** A new job; its group and {@code beginAt} say its state. */
  void add(JobRow row) {
    row.state = firstState(row);
    row.due = due(row);
    jobs.insert(row);
    counts.moved(row.queue, null, row.state, row.bytes);
    tell(row, null, null, null);
  }

  /** A worker gets it. */
  void begin(JobRow row, long lease, long until, @Nullable String worker) {
    row.lease = lease;
    row.due = until;
    row.worker = worker;
    row.startedAt = transaction.now();
    row.beginAt = null;
    row.debounce = null;
    move(row, JobState.RUNNING, null);
  }

  /**
   * It waits for a worker, or to begin later.
   *
   * @param later what it is until {@code beginAt}
   * @param error why its last attempt has failed; null when none has, now
   */
  void await(JobRow row, JobState later, long beginAt, @Nullable String error) {
    release(row);
    boolean isLater = beginAt > transaction.now();
    row.beginAt = isLater ? beginAt : null;
    move(row, isLater ? later : JobState.QUEUED, error);
  }

  /** A job that was finished is not any more; all its attempts are there anew. */
  void revive(JobRow row) {
    row.uncounted = row.tried;
    row.finishedAt = null;
    row.error = null;
    row.beginAt = null;
    if (row.isPastDeadline(transaction.now())) {
      row.deadline = null; // who wants it now does not want it in time
    }
    contents.deleteOutputs(row.seq);
    move(row, firstState(row), null);
  }

  /** A later submit has taken its place. */
  void replace(JobRow row, @Nullable Long beginAt, long bytes) {
    counts.grown(row.queue, bytes - row.bytes);
    row.bytes = bytes;
    row.beginAt = beginAt;
    if (row.state == JobState.BLOCKED) {
      jobs.update(row);
    } else {
      move(row, beginAt == null ? JobState.QUEUED : JobState.SCHEDULED, null);
    }
  }

  /** It is over. */
  void finish(JobRow row, JobState to, @Nullable String error) {
    JobState before = row.state;
    release(row);
    row.beginAt = null;
    row.debounce = null;
    row.finishedAt = transaction.now();
    row.error = error;
    move(row, to, error);
    passOn(row, before);
  }

  /** It is forgotten. */
  void delete(JobRow row) {
    if (row.keyed) {
      keys.outlive(row.id, row.state.isFinished() ? row.state : JobState.CANCELLED);
    }
    contents.delete(row.seq);
    jobs.delete(row);
    counts.moved(row.queue, row.state, null, row.bytes);
  }

  /** It is deleted though it is not finished, or a dead letter. */
  void purge(JobRow row) {
    JobState before = row.state;
    delete(row);
    row.state = JobState.CANCELLED;
    row.due = null;
    tell(row, before, null, null);
    passOn(row, before);
  }

  /** Its worker reports, and keeps it until {@code row.due}. */
  void progress(JobRow row, @Nullable Payload progress) {
    jobs.update(row);
    if (progress != null) {
      contents.putOutput(row.seq, ContentTable.Output.PROGRESS, progress);
      tell(row, row.state, null, progress);
    }
  }

  private JobState firstState(JobRow row) {
    if (row.group != null && jobs.next(row.queue, row.group) != null) {
      return JobState.BLOCKED;
    }
    return row.beginAt == null ? JobState.QUEUED : JobState.SCHEDULED;
  }

  private static void release(JobRow row) {
    row.lease = null;
    row.startedAt = null;
    row.worker = null;
  }

  private void move(JobRow row, JobState to, @Nullable String error) {
    JobState from = row.state;
    row.state = to;
    row.due = due(row);
    jobs.update(row);
    counts.moved(row.queue, from, to, row.bytes);
    tell(row, from, error, null);
  }

  private @Nullable Long due(JobRow row) {
    return switch (row.state) {
      case SCHEDULED, RETRYING -> Millis.earlier(row.beginAt, row.deadline);
      case BLOCKED, QUEUED -> row.deadline;
      case RUNNING -> row.due;
      case SUCCEEDED, FAILED, CANCELLED -> transaction.now() + keep(row);
    };
  }

  private long keep(JobRow row) {
    QueueSettings settings = queues.settings(row.queue);
    return (row.state == JobState.FAILED ? settings.keepFailed() : settings.keepSucceeded())
        .toMillis();
  }

  /** The next of the group, when this was the one that was not blocked. */
  private void passOn(JobRow row, JobState before) {
    if (row.group == null || before == JobState.BLOCKED || before.isFinished()) {
      return;
    }
    JobRow next = jobs.next(row.queue, row.group);
    if (next != null) {
      await(next, JobState.SCHEDULED, next.beginAt == null ? 0 : next.beginAt, null);
    }
  }

  private void tell(
      JobRow row, @Nullable JobState from, @Nullable String error, @Nullable Payload progress) {
    transaction.tell(
        new Change(
            row.id,
            row.queue,
            from,
            row.state,
            row.attempt(),
            Instant.ofEpochMilli(transaction.now()),
            Millis.instant(row.due),
            error,
            progress));
  }
}
