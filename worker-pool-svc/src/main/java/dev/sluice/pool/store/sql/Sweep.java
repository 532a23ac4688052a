package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.QueueView;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.store.Jobs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides what comes of time, and of those who clear a queue. */
final class Sweep {
  /** In this order, so that none becomes what was looked at already. */
  private static final List<JobState> WAITING =
      List.of(JobState.BLOCKED, JobState.SCHEDULED, JobState.RETRYING, JobState.QUEUED);

  private final JobTable jobs;
  private final QueueTable queues;
  private final KeyTable keys;
  private final ScheduleTable schedules;
  private final Counts counts;
  private final Course course;
  private final Steering steering;
  private final Transaction transaction;

  Sweep(
      JobTable jobs,
      QueueTable queues,
      KeyTable keys,
      ScheduleTable schedules,
      Counts counts,
      Course course,
      Steering steering,
      Transaction transaction) {
    this.jobs = jobs;
    this.queues = queues;
    this.keys = keys;
    this.schedules = schedules;
    this.counts = counts;
    this.course = course;
    this.steering = steering;
    this.transaction = transaction;
  }

  Jobs.Swept sweep(int max) {
    long now = transaction.now();
    jobs.lockQueuesDue(now, max);
    List<Long> due = jobs.due(now, max);
    Set<String> cleared = new HashSet<>();
    for (long seq : due) {
      JobRow row = jobs.find(seq); // as it is now: what was done before may have changed it
      if (row != null && row.due != null && row.due <= now) {
        sweep(row, cleared);
      }
    }
    cleared.forEach(this::removeIfUnused);
    boolean moreKeys = keys.sweep(now, max) == max;
    List<Schedule> ready = schedules.due(now, max);
    boolean moreJobs = due.size() == max;
    // those that are due and were not found are in the hands of another
    Long next = Millis.earlier(jobs.nextDue(moreJobs ? 0 : now), schedules.next(now));
    boolean more = moreJobs || moreKeys || ready.size() == max;
    return new Jobs.Swept(more, Millis.instant(next), ready);
  }

  int purge(String queue, boolean dead, int max) {
    List<JobState> states = dead ? List.of(JobState.FAILED) : WAITING;
    int purged = 0;
    for (JobState state : states) {
      List<JobRow> rows = new ArrayList<>(jobs.oldest(queue, state, max - purged));
      rows.forEach(course::purge);
      purged += rows.size();
    }
    if (purged > 0) {
      removeIfUnused(queue);
    }
    return purged;
  }

  /** Gives back what was in the hands of a process that is no more. */
  void orphans(String queue) {
    jobs.running(queue).forEach(steering::orphan);
  }

  /** Deletes a queue that is only there because it had jobs. */
  void removeIfUnused(String name) {
    QueueView queue = queues.find(name);
    if (queue != null && !queue.configured() && !queue.paused() && counts.isEmpty(name)) {
      queues.delete(name);
    }
  }

  private void sweep(JobRow row, Set<String> cleared) {
    switch (row.state) {
      case SCHEDULED, RETRYING, BLOCKED, QUEUED -> {
        if (row.isPastDeadline(transaction.now())) {
          course.finish(row, JobState.FAILED, Course.TOO_LATE);
        } else {
          course.await(row, row.state, 0, null);
        }
      }
      case RUNNING -> steering.lapse(row);
      case SUCCEEDED, FAILED, CANCELLED -> {
        course.delete(row);
        cleared.add(row.queue);
      }
    }
  }
}
