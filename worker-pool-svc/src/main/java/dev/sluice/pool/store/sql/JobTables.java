package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.Change;
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
import dev.sluice.pool.store.Jobs;
import dev.sluice.pool.store.QueueDefaults;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Jobs and queues in the tables of one connection. Whoever owns the connection calls {@link #begin}
 * before each work, takes the {@link #changes} after it, and commits or calls {@link #forget}.
 */
public final class JobTables implements Jobs {
  private final Transaction transaction = new Transaction();
  private final JobTable jobs;
  private final QueueTable queues;
  private final ScheduleTable schedules;
  private final Counts counts;
  private final Intake intake;
  private final Steering steering;
  private final Sweep sweep;
  private final Listing listing;

  /**
   * Of one connection.
   *
   * @param defaults what holds for queues that nobody has configured
   * @param counts hears of all that changes
   * @param random draws leases and the jitter of retries
   */
  public JobTables(Sql sql, QueueDefaults defaults, Counts counts, RandomGenerator random) {
    this.counts = counts;
    jobs = new JobTable(sql);
    var contents = new ContentTable(sql);
    var keys = new KeyTable(sql);
    queues = new QueueTable(sql, defaults);
    schedules = new ScheduleTable(sql);
    var course = new Course(jobs, contents, queues, keys, counts, transaction);
    intake = new Intake(jobs, contents, queues, defaults, keys, counts, course, transaction);
    steering = new Steering(jobs, contents, queues, intake, course, transaction, random);
    sweep = new Sweep(jobs, queues, keys, schedules, counts, course, steering, transaction);
    listing = new Listing(sql, contents);
  }

  /**
   * Begins a work.
   *
   * @param now the engine's time, milliseconds since 1970
   */
  public void begin(long now) {
    transaction.begin(now);
  }

  /** What has happened since {@link #begin}, in its order. */
  public List<Change> changes() {
    return transaction.changes();
  }

  /**
   * What is remembered of the tables may not hold any more: others write too, or all was undone.
   */
  public void forget() {
    queues.forget();
    jobs.forget();
  }

  /**
   * Spares the question for a queue until {@link #forget}: it was read, and is locked.
   *
   * @param settings as they are stored
   */
  public void know(String queue, @Nullable String settings, boolean paused) {
    queues.know(queues.view(queue, settings, paused));
  }

  /** Spares the question for a queue until {@link #forget}: it is not there. */
  public void knowAbsent(String queue) {
    queues.knowAbsent(queue);
  }

  /**
   * Reads and locks some jobs that will be asked for, until {@link #forget}. Those that are not in
   * these queues are not there.
   */
  public void prefetch(UUID[] ids, String[] lockedQueues) {
    jobs.prefetch(ids, lockedQueues);
  }

  /**
   * Queues again what is running in push queues, when the process that made the calls is known to
   * be dead. The attempt counts, as it may have reached its target; but a job whose last it was
   * gets one more.
   */
  public void adoptOrphans() {
    for (String name : counts.all().keySet()) {
      if (queues.settings(name).kind() == Kind.PUSH) {
        sweep.orphans(name);
      }
    }
  }

  /** As a queue of this name works. */
  public QueueSettings settings(String queue) {
    return queues.settings(queue);
  }

  /**
   * Takes a job that was accepted before, whether there is room or not; unless its idempotency key
   * stands for another one.
   */
  public void admit(NewJob job, UUID id) {
    intake.admit(job, id);
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(transaction.now());
  }

  @Override
  public Submitted submit(NewJob job, UUID id) {
    return intake.submit(job, id);
  }

  @Override
  public List<LeasedJob> lease(
      String queue, Kind kind, int max, @Nullable Duration lease, @Nullable String worker) {
    return steering.lease(queue, kind, max, lease, worker);
  }

  @Override
  public Steered end(UUID id, long lease, Verdict verdict) {
    return steering.end(id, lease, verdict);
  }

  @Override
  public Steered extend(
      UUID id, long lease, @Nullable Duration longer, @Nullable Payload progress) {
    return steering.extend(id, lease, longer, progress);
  }

  @Override
  public Optional<JobView> find(UUID id) {
    return listing.find(id);
  }

  @Override
  public JobPage list(JobFilter filter, @Nullable Long from, int limit) {
    return listing.list(filter, from, limit);
  }

  @Override
  public Steered cancel(UUID id) {
    return steering.cancel(id);
  }

  @Override
  public Steered retry(UUID id) {
    return steering.retry(id);
  }

  @Override
  public int redrive(String queue, int max) {
    return steering.redrive(queue, max);
  }

  @Override
  public int purge(String queue, boolean dead, int max) {
    return sweep.purge(queue, dead, max);
  }

  @Override
  public Optional<QueueView> queue(String name) {
    return Optional.ofNullable(queues.find(name));
  }

  @Override
  public List<QueueView> queues() {
    return queues.all();
  }

  @Override
  public Map<String, QueueCounts> counts() {
    return counts.all();
  }

  @Override
  public boolean configure(String name, QueueSettings settings) {
    boolean changesKind = queues.settings(name).kind() != settings.kind();
    if (changesKind && !counts.isEmpty(name) || !queues.make(name)) {
      return false;
    }
    queues.configure(name, settings);
    return true;
  }

  @Override
  public boolean pause(String name, boolean paused) {
    if (paused && !queues.make(name)) {
      return false;
    }
    queues.pause(name, paused);
    sweep.removeIfUnused(name);
    return true;
  }

  @Override
  public boolean remove(String name) {
    if (!counts.isEmpty(name)) {
      return false;
    }
    queues.delete(name);
    return true;
  }

  @Override
  public Swept sweep(int max) {
    return sweep.sweep(max);
  }

  @Override
  public void schedule(Schedule schedule) {
    schedules.put(schedule);
  }

  @Override
  public Optional<Schedule> schedule(String name) {
    return Optional.ofNullable(schedules.find(name));
  }

  @Override
  public List<Schedule> schedules() {
    return schedules.all();
  }

  @Override
  public boolean unschedule(String name) {
    return schedules.delete(name);
  }

  @Override
  public boolean advance(
      String name, Instant expected, @Nullable Instant next, @Nullable UUID lastJob) {
    return schedules.advance(name, expected, next, lastJob);
  }
}
