package dev.sluice.pool.store.postgres;

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
import dev.sluice.pool.model.Terms;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.store.Jobs;
import dev.sluice.pool.store.sql.JobTables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tables, and what there is besides where others use them too: it notes what those have to
 * hear, and finds jobs that are in the outbox still.
 */
final class PostgresJobs implements Jobs {
  private final JobTables tables;
  private final QueueRows rows;
  private final Outbox outbox;
  private final Terms defaults;
  private boolean queuesChanged;

  PostgresJobs(JobTables tables, QueueRows rows, Outbox outbox, Terms defaults) {
    this.tables = tables;
    this.rows = rows;
    this.outbox = outbox;
    this.defaults = defaults;
  }

  /** A transaction begins. */
  void begin() {
    queuesChanged = false;
  }

  /** Whether queues were configured, paused, resumed or removed. */
  boolean queuesChanged() {
    return queuesChanged;
  }

  @Override
  public Instant now() {
    return tables.now();
  }

  @Override
  public Submitted submit(NewJob job, UUID id) {
    Submitted submitted = tables.submit(job, id);
    if (submitted instanceof Submitted.Full) {
      rows.refused(job.queue());
    }
    return submitted;
  }

  @Override
  public List<LeasedJob> lease(
      String queue, Kind kind, int max, @Nullable Duration lease, @Nullable String worker) {
    return tables.lease(queue, kind, max, lease, worker);
  }

  @Override
  public Steered end(UUID id, long lease, Verdict verdict) {
    return tables.end(id, lease, verdict);
  }

  @Override
  public Steered extend(
      UUID id, long lease, @Nullable Duration longer, @Nullable Payload progress) {
    return tables.extend(id, lease, longer, progress);
  }

  @Override
  public Optional<JobView> find(UUID id) {
    return tables.find(id).or(() -> outbox.find(id, defaults));
  }

  @Override
  public JobPage list(JobFilter filter, @Nullable Long from, int limit) {
    return tables.list(filter, from, limit);
  }

  @Override
  public Steered cancel(UUID id) {
    return tables.cancel(id);
  }

  @Override
  public Steered retry(UUID id) {
    return tables.retry(id);
  }

  @Override
  public int redrive(String queue, int max) {
    return tables.redrive(queue, max);
  }

  @Override
  public int purge(String queue, boolean dead, int max) {
    return tables.purge(queue, dead, max);
  }

  @Override
  public Optional<QueueView> queue(String name) {
    return tables.queue(name);
  }

  @Override
  public List<QueueView> queues() {
    return tables.queues();
  }

  @Override
  public Map<String, QueueCounts> counts() {
    return tables.counts();
  }

  @Override
  public boolean configure(String name, QueueSettings settings) {
    boolean done = noted(tables.configure(name, settings));
    if (done) {
      rows.enlarged(name);
    }
    return done;
  }

  @Override
  public boolean pause(String name, boolean paused) {
    return noted(tables.pause(name, paused));
  }

  @Override
  public boolean remove(String name) {
    return noted(tables.remove(name));
  }

  @Override
  public Swept sweep(int max) {
    return tables.sweep(max);
  }

  @Override
  public void schedule(Schedule schedule) {
    tables.schedule(schedule);
  }

  @Override
  public Optional<Schedule> schedule(String name) {
    return tables.schedule(name);
  }

  @Override
  public List<Schedule> schedules() {
    return tables.schedules();
  }

  @Override
  public boolean unschedule(String name) {
    return tables.unschedule(name);
  }

  @Override
  public boolean advance(
      String name, Instant expected, @Nullable Instant next, @Nullable UUID lastJob) {
    return tables.advance(name, expected, next, lastJob);
  }

  private boolean noted(boolean done) {
    queuesChanged |= done;
    return done;
  }
}
