package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.store.JobStore.News;
import dev.sluice.pool.store.JobStore.Subject;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.pool.store.sql.JobTables;
import dev.sluice.pool.store.sql.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A connection with all that is done on it; owned by one lane. */
final class Desk implements AutoCloseable {
  /**
   * Locks the queues, in the order of their names, and only then looks at the time. The last row
   * has the time, how many of the jobs are in the outbox still, and a block of places.
   */
  private static final String LOCK =
      """
      WITH locked AS MATERIALIZED (
        SELECT name, settings, paused, depth, bytes, wanted FROM queue
        WHERE name = ANY(?) OR name IN (SELECT queue FROM job WHERE id = ANY(?))
        ORDER BY name FOR UPDATE)
      SELECT name, settings, paused, depth, bytes, wanted, 0, 0, 0 FROM locked
      UNION ALL
      SELECT NULL, NULL, 0, 0, 0, 0, now_millis(),
        (SELECT count(*) FROM outbox WHERE id = ANY(?) AND failed IS NULL), nextval('job_seq')\
      """;

  /** After the names of all queues. */
  private static final String LAST = "\uffff";

  private static final String LOOK = "SELECT now_millis()";

  /** Some jobs that the work is about are in the outbox: they have to be moved before. */
  static final class OutboxFirst extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutboxFirst() {
      super("jobs are in the outbox", null, false, false);
    }
  }

  /** Connects. */
  @FunctionalInterface
  interface Factory {
    /** A desk on a new connection. */
    Desk open() throws SQLException;
  }

  private final Link link;
  private final String instance;
  private final Sql sql;
  private final PostgresDialect dialect;
  private final QueueRows rows;
  private final JobTables tables;
  private final Outbox outbox;
  private final PostgresJobs jobs;
  private final List<Change> changes = new ArrayList<>();

  private Desk(
      Link link,
      String instance,
      QueueDefaults defaults,
      Clock clock,
      Duration countEvery,
      RandomGenerator random) {
    this.link = link;
    this.instance = instance;
    this.dialect = new PostgresDialect();
    this.sql = new Sql(link::statement, dialect);
    this.rows = new QueueRows(sql, dialect, clock, countEvery);
    this.tables = new JobTables(sql, defaults, rows, random);
    this.outbox = new Outbox(sql);
    this.jobs = new PostgresJobs(tables, rows, outbox, defaults.pull().terms());
  }

  /**
   * Connects.
   *
   * @param instance whose news these are
   * @param countEvery how old counts may be
   * @param random used by this desk only
   */
  static Desk open(
      PostgresSettings settings,
      String instance,
      QueueDefaults defaults,
      Clock clock,
      Duration countEvery,
      RandomGenerator random)
      throws SQLException {
    return new Desk(Link.open(settings, false), instance, defaults, clock, countEvery, random);
  }

  /** Does all in one transaction, which is to be {@linkplain #finish finished}. */
  void perform(List<Task<?>> tasks) throws SQLException {
    begin();
    var queues = new TreeSet<String>();
    var ids = new HashSet<UUID>();
    for (Task<?> task : tasks) {
      switch (task.subject()) {
        case Subject.Queue(String name) -> queues.add(name);
        case Subject.Job(UUID id) -> ids.add(id);
        case Subject.Any() -> {}
      }
    }
    long now = lock(queues, ids);
    for (Task<?> task : ordered(tasks)) {
      tables.begin(now);
      task.apply(jobs);
      task.changed(tables.changes());
      changes.addAll(tables.changes());
    }
  }

  /** By the queue, so that queues that are new are made in the order of their names too. */
  private static List<Task<?>> ordered(List<Task<?>> tasks) {
    var ordered = new ArrayList<>(tasks);
    ordered.sort(
        Comparator.comparing(
            task -> task.subject() instanceof Subject.Queue(String name) ? name : LAST));
    return ordered;
  }

  /**
   * Moves some jobs out of the outbox, in the order in which they came.
   *
   * @param moved to which the changes are added
   * @return whether there may be more; false: there were none
   */
  boolean move(List<Change> moved) throws SQLException {
    begin();
    List<Outbox.Entry> entries = outbox.take();
    var queues = new TreeSet<String>();
    entries.forEach(entry -> queues.add(entry.queue())); // those that are new come as they come
    long now = lock(queues, Set.of());
    for (Outbox.Entry entry : entries) {
      tables.begin(now);
      outbox.move(entry, tables);
      changes.addAll(tables.changes());
    }
    moved.addAll(changes);
    return !entries.isEmpty();
  }

  /** Writes what is not written yet, and what is to be notified. */
  void finish() {
    rows.write();
    var ready = new HashSet<String>();
    var finished = new HashSet<UUID>();
    for (Change change : changes) {
      if (change.isReady()) {
        ready.add(change.queue());
      }
      if (change.isFinish()) {
        finished.add(change.id());
      }
    }
    var news = new News(ready, rows.room(), finished, jobs.queuesChanged(), false);
    for (String text : new Gazette(instance, news).texts()) {
      sql.first("SELECT pg_notify(?, ?)", _ -> true, Gazette.CHANNEL, text);
    }
    sql.flush();
  }

  void commit() throws SQLException {
    link.commit();
  }

  /** {@return false: the connection is of no use any more} */
  boolean undo() {
    try {
      sql.drop();
      link.rollback();
      return true;
    } catch (SQLException | RuntimeException broken) {
      return false;
    }
  }

  @Override
  public void close() {
    link.close();
  }

  private void begin() {
    changes.clear();
    rows.forget();
    tables.forget();
    jobs.begin();
    dialect.dropPlaces();
  }

  /** {@return the time} */
  private long lock(Set<String> queues, Set<UUID> ids) {
    if (queues.isEmpty() && ids.isEmpty()) {
      Long now = sql.first(LOOK, row -> row.number(1));
      return now == null ? 0 : now;
    }
    UUID[] all = ids.toArray(UUID[]::new);
    List<long[]> last = sql.all(LOCK, this::locked, queues.toArray(String[]::new), all, all);
    long[] look = last.getLast();
    queues.forEach(this::knowIfAbsent);
    dialect.placesFrom(look[2]);
    if (look[1] > 0) {
      throw new OutboxFirst();
    }
    if (!ids.isEmpty()) {
      tables.prefetch(all, rows.known());
    }
    return look[0];
  }

  private void knowIfAbsent(String queue) {
    if (!rows.isKnown(queue)) {
      rows.knowAbsent(queue);
      tables.knowAbsent(queue);
    }
  }

  private long[] locked(Sql.Row row) throws SQLException {
    String name = row.optionalText(1);
    if (name != null) {
      @Nullable String settings = row.optionalText(2);
      tables.know(name, settings, row.number(3) != 0);
      rows.know(name, row.number(4), row.number(5), row.number(6) != 0);
    }
    return new long[] {row.number(7), row.number(8), row.number(9)};
  }
}
