package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.QueueView;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides what workers and operators want of jobs. */
final class Steering {
  private static final String LEASE_OVER = "the lease ran out";
  private static final String STOPPED = "the service stopped during the attempt";

  private final JobTable jobs;
  private final ContentTable contents;
  private final QueueTable queues;
  private final Intake intake;
  private final Course course;
  private final Transaction transaction;
  private final RandomGenerator random;

  Steering(
      JobTable jobs,
      ContentTable contents,
      QueueTable queues,
      Intake intake,
      Course course,
      Transaction transaction,
      RandomGenerator random) {
    this.jobs = jobs;
    this.contents = contents;
    this.queues = queues;
    this.intake = intake;
    this.course = course;
    this.transaction = transaction;
    this.random = random;
  }

  List<LeasedJob> lease(
      String name, Kind kind, int max, @Nullable Duration lease, @Nullable String worker) {
    QueueView queue = queues.find(name);
    if (queue == null || queue.paused() || queue.settings().kind() != kind) {
      return List.of();
    }
    Duration term = lease == null ? queue.settings().lease() : lease;
    long until = transaction.now() + term.toMillis();
    var leased = new ArrayList<LeasedJob>();
    for (JobTable.Ready ready : jobs.ready(name, transaction.now(), max)) {
      course.begin(ready.row(), token(), until, worker);
      leased.add(leased(ready, until));
    }
    return leased;
  }

  Steered end(UUID id, long lease, Verdict verdict) {
    JobRow row = jobs.find(id);
    if (row == null) {
      return new Steered.Unknown();
    }
    if (!isHeld(row, lease)) {
      return new Steered.Refused(row.state);
    }
    end(row, verdict);
    return new Steered.Done(row.state);
  }

  Steered extend(UUID id, long lease, @Nullable Duration longer, @Nullable Payload progress) {
    JobRow row = jobs.find(id);
    if (row == null) {
      return new Steered.Unknown();
    }
    if (!isHeld(row, lease)) {
      return new Steered.Refused(row.state);
    }
    Duration term = longer == null ? queues.settings(row.queue).lease() : longer;
    long until = transaction.now() + term.toMillis();
    row.due = until;
    course.progress(row, progress);
    return new Steered.Extended(Instant.ofEpochMilli(until));
  }

  Steered cancel(UUID id) {
    JobRow row = jobs.find(id);
    if (row == null) {
      return new Steered.Unknown();
    }
    if (row.state.isFinished()) {
      return new Steered.Refused(row.state);
    }
    course.finish(row, JobState.CANCELLED, null);
    return new Steered.Done(row.state);
  }

  Steered retry(UUID id) {
    JobRow row = jobs.find(id);
    if (row == null) {
      return new Steered.Unknown();
    }
    return retry(row) ? new Steered.Done(row.state) : new Steered.Refused(row.state);
  }

  int redrive(String queue, int max) {
    int done = 0;
    for (JobRow row : jobs.oldest(queue, JobState.FAILED, max)) {
      if (retry(row)) {
        done++;
      }
    }
    return done;
  }

  /** The lease is over, and nobody has said what has come of the attempt. */
  void lapse(JobRow row) {
    fail(row, null, LEASE_OVER, transaction.now());
  }

  /**
   * The process that had it was killed. It may have reached its target, so the attempt is kept; but
   * if it was the last, there is one more, as it was not the job's fault.
   */
  void orphan(JobRow row) {
    contents.addAttempt(row, transaction.now(), null, STOPPED);
    row.tried++;
    if (row.made() >= contents.find(row.seq).terms().attempts()) {
      row.uncounted++;
    }
    course.await(row, JobState.RETRYING, 0, STOPPED);
  }

  private boolean isHeld(JobRow row, long lease) {
    return row.state == JobState.RUNNING
        && row.lease != null
        && row.lease == lease
        && row.due != null
        && row.due > transaction.now();
  }

  private void end(JobRow row, Verdict verdict) {
    long now = transaction.now();
    switch (verdict) {
      case Verdict.Succeeded(Integer status, Payload result) -> {
        tried(row, status, null);
        finish(row, JobState.SUCCEEDED, null, result);
      }
      case Verdict.Failed(Integer status, String error, Payload result) -> {
        tried(row, status, error);
        finish(row, JobState.FAILED, error, result);
      }
      case Verdict.Retry(Integer status, String error, Duration after, boolean backoff) -> {
        long wait = after.toMillis();
        if (backoff) {
          wait = Math.max(wait, backoff(row));
        }
        fail(row, status, error, now + wait);
      }
      case Verdict.HandedBack(Duration after) ->
          course.await(row, JobState.SCHEDULED, now + after.toMillis(), null);
    }
  }

  private void finish(JobRow row, JobState to, @Nullable String error, @Nullable Payload result) {
    if (result != null) {
      contents.putOutput(row.seq, ContentTable.Output.RESULT, result);
    }
    course.finish(row, to, error);
  }

  private void tried(JobRow row, @Nullable Integer status, @Nullable String error) {
    contents.addAttempt(row, transaction.now(), status, error);
    row.tried++;
  }

  private void fail(JobRow row, @Nullable Integer status, String error, long beginAt) {
    int attempts = contents.find(row.seq).terms().attempts();
    contents.addAttempt(row, transaction.now(), status, error);
    row.tried++;
    if (row.made() >= attempts) {
      course.finish(row, JobState.FAILED, error);
    } else if (row.isPastDeadline(beginAt)) {
      course.finish(row, JobState.FAILED, Course.TOO_LATE);
    } else {
      course.await(row, JobState.RETRYING, beginAt, error);
    }
  }

  private long backoff(JobRow row) {
    int failures = Math.toIntExact(row.made() + 1);
    return contents.find(row.seq).terms().backoff().after(failures, random).toMillis();
  }

  private boolean retry(JobRow row) {
    return switch (row.state) {
      case SCHEDULED, RETRYING -> {
        course.await(row, row.state, 0, null);
        yield true;
      }
      case FAILED, CANCELLED -> {
        boolean full = intake.full(row.queue, queues.settings(row.queue), 1, row.bytes) != null;
        if (!full) {
          course.revive(row);
        }
        yield !full;
      }
      case BLOCKED, QUEUED, RUNNING, SUCCEEDED -> false;
    };
  }

  private static LeasedJob leased(JobTable.Ready ready, long until) {
    JobRow row = ready.row();
    ContentTable.Content content = ready.content();
    return new LeasedJob(
        row.id,
        row.queue,
        row.lease == null ? 0 : row.lease,
        row.attempt(),
        content.payload(),
        content.call(),
        content.terms(),
        row.group,
        Instant.ofEpochMilli(row.acceptedAt),
        Instant.ofEpochMilli(until),
        Millis.instant(row.deadline));
  }

  /** Not zero, not negative. */
  private long token() {
    return random.nextLong(1, Long.MAX_VALUE);
  }
}
