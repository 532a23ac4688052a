package dev.sluice.pool.store;

import dev.sluice.pool.model.JobFilter;
import dev.sluice.pool.model.JobPage;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.QueueSettings.Kind;
import dev.sluice.pool.model.QueueView;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All jobs and queues, within one transaction of the engine: what a {@link JobStore.Work} may do.
 * Each method is a decision; what it changes is told as {@link dev.sluice.pool.model.Change}s when
 * the transaction is committed.
 *
 * <p>A method that fails throws an unchecked exception of the engine's own, and the transaction is
 * undone.
 */
public interface Jobs {
  /**
   * With how many bytes of payloads {@link #lease} has given enough. With the largest payload on
   * top, an answer of gRPC is below the 4 MiB that clients take when nobody says otherwise.
   */
  long LEASE_BYTES = 2L << 20;

  /** The engine's time; the same during the transaction, in whole milliseconds. */
  Instant now();

  // Jobs, on their way

  /**
   * Takes a job. In this order: the same {@code idempotencyKey} within the window answers the job
   * there is ({@link Submitted.Existing}, or {@link Submitted.Mismatch} when the content is another
   * one); the same {@code debounce.key} of a job that is still waiting replaces that job's payload
   * and call and lets it wait anew; without room it is refused; else it is there.
   *
   * <p>A queue that is not there is made, with the defaults of its name.
   *
   * @param id greater than all ids that this instance has given before
   */
  Submitted submit(NewJob job, UUID id);

  /**
   * Hands out jobs that are queued, those of high priority first, then in the order of acceptance.
   *
   * <p>With the one whose payload makes it {@link #LEASE_BYTES} it has an end, so that what one
   * transaction and one answer bring stays small; {@link #isAll} says whether there were no more.
   *
   * @param queue a queue that is not there has none, and is not made
   * @param kind what the worker takes the queue for; if it is of the other kind by now, it has none
   * @param max how many at most
   * @param lease how long the worker has them; null: as long as the queue's settings say
   * @param worker what the worker calls itself; null for nothing
   * @return none when the queue is paused
   */
  List<LeasedJob> lease(
      String queue, Kind kind, int max, @Nullable Duration lease, @Nullable String worker);

  /**
   * Whether a queue had no more than was found.
   *
   * @param found what {@link #lease} has answered
   * @param max what it was asked for
   */
  static boolean isAll(List<LeasedJob> found, int max) {
    return found.size() < max && bytes(found) < LEASE_BYTES;
  }

  /** The bytes of the payloads. */
  static long bytes(List<LeasedJob> found) {
    return found.stream().mapToLong(job -> job.payload().bytes().length).sum();
  }

  /**
   * Ends an attempt. A {@link Verdict.Retry} after the last attempt, or whose next attempt would
   * begin after the deadline, makes a {@code FAILED} job.
   *
   * @param lease what the job was handed out with
   * @return {@link Steered.Refused} when the lease has run out or the job was cancelled: nothing is
   *     changed
   */
  Steered end(UUID id, long lease, Verdict verdict);

  /**
   * Keeps a job longer.
   *
   * @param lease what the job was handed out with
   * @param longer how long from now; null: as long as the queue's settings say
   * @param progress what there is to report; null: nothing
   * @return {@link Steered.Extended}, or as {@link #end}
   */
  Steered extend(UUID id, long lease, @Nullable Duration longer, @Nullable Payload progress);

  // Jobs, looked at and steered

  /** A job with all that is known of it. */
  Optional<JobView> find(UUID id);

  /**
   * Lists jobs, the last accepted first.
   *
   * @param from {@link JobPage#next} of the page before; null: from the beginning
   * @param limit how many at most
   */
  JobPage list(JobFilter filter, @Nullable Long from, int limit);

  /** Ends a job that is not finished; a worker that has it is refused from now on. */
  Steered cancel(UUID id);

  /**
   * Lets a job begin at once: one that is scheduled or retrying, or with all its attempts anew one
   * that has failed, was cancelled, and is kept still. Refused for those that are queued, blocked,
   * running or succeeded. There may be no room for it ({@link Steered.Refused} too).
   */
  Steered retry(UUID id);

  /**
   * Does {@link #retry} to failed jobs of a queue, the oldest first, as long as there is room.
   *
   * @param max how many at most
   * @return how many
   */
  int redrive(String queue, int max);

  /**
   * Deletes jobs of a queue that are not finished and not running, or those that have failed.
   *
   * @param dead which of the two
   * @param max how many at most
   * @return how many; as many as {@code max}: there may be more
   */
  int purge(String queue, boolean dead, int max);

  // Queues

  /** A queue, if it is there. */
  Optional<QueueView> queue(String name);

  /** All queues, by name. */
  List<QueueView> queues();

  /** How many jobs each queue has; in PostgreSQL a few seconds old, at most. */
  Map<String, QueueCounts> counts();

  /**
   * Makes a queue or changes it.
   *
   * @return false: it is not there and there is no room for another, or it has jobs and its kind
   *     would change
   */
  boolean configure(String name, QueueSettings settings);

  /**
   * Stops or resumes handing out. A queue that is not there is made to be stopped, and goes when it
   * is resumed, unless it has jobs then.
   *
   * @return false: it is not there and there is no room for another
   */
  boolean pause(String name, boolean paused);

  /**
   * Deletes a queue.
   *
   * @return false: it has jobs, also such that are finished and kept
   */
  boolean remove(String name);

  // Time

  /**
   * Does what is due by time: what was scheduled or retrying is queued; an attempt whose lease has
   * run out has failed, and its job is queued at once, or failed when it was the last; what is past
   * its deadline fails, unless it runs; what was kept long enough is forgotten, jobs, idempotency
   * keys, and queues that nobody configured and that have no jobs.
   *
   * @param max how many jobs are touched at most
   */
  Swept sweep(int max);

  /**
   * What a sweep has done.
   *
   * @param more whether more is due
   * @param next when something is due next, of jobs and schedules; null: nothing is planned
   * @param schedules those whose time has come; they are due until they are {@linkplain #advance
   *     advanced}
   */
  record Swept(boolean more, @Nullable Instant next, List<Schedule> schedules) {
    /** Copies the list. */
    public Swept {
      schedules = List.copyOf(schedules);
    }
  }

  // Recurring jobs

  /** Makes a schedule or changes it, {@code next} included. */
  void schedule(Schedule schedule);

  /** A schedule, if it is there. */
  Optional<Schedule> schedule(String name);

  /** All schedules, by name. */
  List<Schedule> schedules();

  /** Deletes a schedule; false: it is not there. */
  boolean unschedule(String name);

  /**
   * Says that a schedule's time has been served, in the transaction that submits its jobs.
   *
   * @param expected what {@link Schedule#next} was
   * @param next when the next time is; null: never
   * @param lastJob the job of that time; null: none was submitted
   * @return false: it is not there, or somebody else was first; then nothing is to be submitted
   */
  boolean advance(String name, Instant expected, @Nullable Instant next, @Nullable UUID lastJob);
}
