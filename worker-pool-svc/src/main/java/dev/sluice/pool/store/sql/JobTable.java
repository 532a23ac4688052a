package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.NewJob.Priority;
import dev.sluice.pool.store.Jobs;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of jobs, narrow as they change often. */
final class JobTable {
  /** What {@link #read} reads, from the column 1. */
  static final String COLUMNS =
      "job.seq, job.id, job.queue, job.state, job.priority, job.due, job.lease, job.tried,"
          + " job.uncounted, job.grp, job.debounce, job.keyed, job.begin_at, job.deadline,"
          + " job.accepted_at, job.started_at, job.finished_at, job.worker, job.error, job.bytes";

  /** How many they are. */
  static final int WIDTH = 20;

  private static final String SELECT = "SELECT " + COLUMNS + " FROM job";

  private static final String INSERT =
      "INSERT INTO job(seq, id, queue, state, priority, due, tried, uncounted, grp, debounce,"
          + " keyed, begin_at, deadline, accepted_at, bytes)"
          + " VALUES(?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?)";

  /** As the index of groups says it; {@code state < 5} would have SQLite take the one of states. */
  private static final String UNFINISHED = " AND finished_at IS NULL";

  private final Sql sql;

  /**
   * Where others write too: the rows that this transaction has read and locked, so that none is
   * asked for twice. What they say is what the table says, or will when all is written.
   */
  private final Map<Long, JobRow> bySeqRead = new HashMap<>();

  private final Map<UUID, JobRow> byIdRead = new HashMap<>();

  /** Those that were not there when they were asked for. */
  private final Set<UUID> absent = new HashSet<>();

  private final String byId;
  private final String bySeq;
  private final String ready;
  private final String due;
  private final String debounced;
  private final String next;

  JobTable(Sql sql) {
    this.sql = sql;
    String forUpdate = sql.dialect().forUpdate();
    String skipLocked = sql.dialect().skipLocked();
    byId = SELECT + " WHERE id = ?" + forUpdate;
    bySeq = SELECT + " WHERE seq = ?" + forUpdate;
    ready = ready(sql.dialect());
    due =
        (sql.dialect().isShared() ? SELECT : "SELECT seq FROM job")
            + " WHERE due <= ? ORDER BY due LIMIT ?"
            + skipLocked;
    debounced = SELECT + " WHERE queue = ? AND debounce = ?" + forUpdate;
    next =
        SELECT + " WHERE queue = ? AND grp = ?" + UNFINISHED + " ORDER BY seq LIMIT 1" + forUpdate;
  }

  /** Where others write too, rows are locked before they are joined, so that no more are. */
  private static String ready(Dialect dialect) {
    String select = "SELECT " + COLUMNS + ", " + ContentTable.WHOLE + " FROM ";
    String join = " JOIN content ON content.seq = job.seq";
    String where =
        " WHERE job.queue = ? AND job.state = 2 AND (job.deadline IS NULL OR job.deadline > ?)";
    String order = " ORDER BY job.priority, job.seq";
    return dialect.isShared()
        ? select
            + untilEnough(
                "(SELECT * FROM job"
                    + where
                    + order
                    + " LIMIT ?"
                    + dialect.skipLocked()
                    + ") AS job")
            + join
            + order
        : select + "job" + join + where + order + " LIMIT ?";
  }

  /** A server sends all rows there are: those that are too many are not to be among them. */
  private static String untilEnough(String jobs) {
    return "(SELECT * FROM (SELECT *, SUM(bytes) OVER (ORDER BY priority, seq) - bytes AS ahead FROM "
        + jobs
        + ") AS summed WHERE ahead < "
        + Jobs.LEASE_BYTES
        + ") AS job";
  }

  /** Gives it its place. */
  void insert(JobRow row) {
    Long place = sql.dialect().nextPlace(sql);
    if (place == null) {
      Long given = sql.first(INSERT + " RETURNING seq", one -> one.number(1), values(row, null));
      row.seq = Objects.requireNonNull(given, "the place of what was inserted");
    } else {
      row.seq = place;
      sql.later(INSERT, values(row, place));
      known(row);
    }
  }

  private static @Nullable Object[] values(JobRow row, @Nullable Long place) {
    return new @Nullable Object[] {
      place,
      row.id,
      row.queue,
      row.state.code(),
      row.priority.ordinal(),
      row.due,
      row.group,
      row.debounce,
      row.keyed ? 1 : 0,
      row.beginAt,
      row.deadline,
      row.acceptedAt,
      row.bytes
    };
  }

  void update(JobRow row) {
    sql.later(
        "UPDATE job SET state = ?, due = ?, lease = ?, tried = ?, uncounted = ?, debounce = ?,"
            + " keyed = ?, begin_at = ?, deadline = ?, started_at = ?, finished_at = ?,"
            + " worker = ?, error = ?, bytes = ? WHERE seq = ?",
        row.state.code(),
        row.due,
        row.lease,
        row.tried,
        row.uncounted,
        row.debounce,
        row.keyed ? 1 : 0,
        row.beginAt,
        row.deadline,
        row.startedAt,
        row.finishedAt,
        row.worker,
        row.error,
        row.bytes,
        row.seq);
  }

  void delete(JobRow row) {
    bySeqRead.remove(row.seq);
    byIdRead.remove(row.id);
    sql.later("DELETE FROM job WHERE seq = ?", row.seq);
  }

  /** What was read may have been changed by others, or undone. */
  void forget() {
    bySeqRead.clear();
    byIdRead.clear();
    absent.clear();
  }

  /**
   * Reads and locks some at once that will be asked for. One that has come since is not in a queue
   * that was locked, so for this transaction it is not there.
   */
  void prefetch(UUID[] ids, String[] lockedQueues) {
    absent.addAll(Arrays.asList(ids));
    sql.all(
        SELECT + " WHERE id = ANY(?) AND queue = ANY(?) ORDER BY seq" + sql.dialect().forUpdate(),
        this::row,
        ids,
        lockedQueues);
  }

  @Nullable JobRow find(UUID id) {
    JobRow read = byIdRead.get(id);
    return read == null && !absent.contains(id) ? sql.first(byId, this::row, id) : read;
  }

  @Nullable JobRow find(long seq) {
    JobRow read = bySeqRead.get(seq);
    return read == null ? sql.first(bySeq, this::row, seq) : read;
  }

  /** A job that a worker can have. */
  record Ready(JobRow row, ContentTable.Content content) {}

  /** Those that a worker can have, in their order, with the one that makes it enough. */
  List<Ready> ready(String queue, long now, int max) {
    return sql.until(
        Jobs.LEASE_BYTES,
        each -> each.row.bytes,
        ready,
        row -> new Ready(row(row), ContentTable.content(row, WIDTH + 1)),
        queue,
        now,
        max);
  }

  /** The places of those whose timer has run out. */
  List<Long> due(long now, int max) {
    Sql.Reader<Long> reader = sql.dialect().isShared() ? row -> row(row).seq : row -> row.number(1);
    return sql.all(due, reader, now, max);
  }

  /** When the next timer runs out, of those that run out after that. */
  @Nullable Long nextDue(long after) {
    return sql.first(
        "SELECT due FROM job WHERE due > ? ORDER BY due LIMIT 1", row -> row.number(1), after);
  }

  /**
   * Locks the queues of jobs whose timer has run out, in the order of their names, as all who lock
   * several.
   */
  void lockQueuesDue(long now, int max) {
    if (sql.dialect().isShared()) {
      sql.all(
          "SELECT name FROM queue WHERE name IN (SELECT queue FROM"
              + " (SELECT queue FROM job WHERE due <= ? ORDER BY due LIMIT ?) AS soon)"
              + " ORDER BY name"
              + sql.dialect().forUpdate(),
          row -> row.text(1),
          now,
          max);
    }
  }

  @Nullable JobRow debounced(String queue, String key) {
    return sql.first(debounced, this::row, queue, key);
  }

  /** The first unfinished one of a group. */
  @Nullable JobRow next(String queue, String group) {
    return sql.first(next, this::row, queue, group);
  }

  /** The oldest jobs of a queue in a state. */
  List<JobRow> oldest(String queue, JobState state, int max) {
    var oldest = new ArrayList<JobRow>();
    for (Priority priority : Priority.values()) { // each in the order of the index
      oldest.addAll(
          sql.all(
              SELECT + " WHERE queue = ? AND state = ? AND priority = ? ORDER BY seq LIMIT ?",
              this::row,
              queue,
              state.code(),
              priority.ordinal(),
              max));
    }
    oldest.sort(Comparator.comparingLong(row -> row.seq));
    return oldest.subList(0, Math.min(max, oldest.size()));
  }

  /** Those of push queues and others that somebody has, for a start. */
  List<JobRow> running(String queue) {
    return sql.all(SELECT + " WHERE queue = ? AND state = 3", this::row, queue);
  }

  private JobRow row(Sql.Row from) throws SQLException {
    JobRow row = read(from);
    if (!sql.dialect().isShared()) {
      return row;
    }
    JobRow before = bySeqRead.get(row.seq);
    return before == null ? known(row) : before;
  }

  private JobRow known(JobRow row) {
    bySeqRead.put(row.seq, row);
    byIdRead.put(row.id, row);
    absent.remove(row.id);
    return row;
  }

  static JobRow read(Sql.Row from) throws SQLException {
    var row =
        new JobRow(
            from.id(2),
            from.text(3),
            JobState.of((int) from.number(4)),
            Priority.values()[(int) from.number(5)],
            from.optionalText(10),
            from.number(15));
    row.seq = from.number(1);
    row.due = from.optional(6);
    row.lease = from.optional(7);
    row.tried = from.number(8);
    row.uncounted = from.number(9);
    row.debounce = from.optionalText(11);
    row.keyed = from.number(12) != 0;
    row.beginAt = from.optional(13);
    row.deadline = from.optional(14);
    row.startedAt = from.optional(16);
    row.finishedAt = from.optional(17);
    row.worker = from.optionalText(18);
    row.error = from.optionalText(19);
    row.bytes = from.number(20);
    return row;
  }
}
