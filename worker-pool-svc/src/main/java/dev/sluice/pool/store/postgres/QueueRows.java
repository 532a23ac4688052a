package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Clock;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.store.sql.Counts;
import dev.sluice.pool.store.sql.Sql;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs the queues have, in their rows, which this transaction has locked; written back
 * once, at its end.
 */
final class QueueRows implements Counts {
  private final Sql sql;
  private final PostgresDialect dialect;
  private final Clock clock;
  private final Duration countEvery;
  private final Map<String, Row> rows = new HashMap<>();
  private final Set<String> room = new HashSet<>();
  private final Set<String> absent = new HashSet<>();

  private Map<String, QueueCounts> counted = Map.of();
  private long countedAt;
  private boolean isCounted;

  /** A row, and whether it is to be written. */
  private static final class Row {
    long depth;
    long bytes;

    /** Whether somebody was refused because the queue was full. */
    boolean wanted;

    boolean changed;

    Row(long depth, long bytes, boolean wanted) {
      this.depth = depth;
      this.bytes = bytes;
      this.wanted = wanted;
    }
  }

  /**
   * Of a connection.
   *
   * @param countEvery how old {@link #all} may be
   */
  QueueRows(Sql sql, PostgresDialect dialect, Clock clock, Duration countEvery) {
    this.sql = sql;
    this.dialect = dialect;
    this.clock = clock;
    this.countEvery = countEvery;
  }

  /** A transaction begins. */
  void forget() {
    rows.clear();
    absent.clear();
    room.clear();
  }

  /** A row was read and locked. */
  void know(String queue, long depth, long bytes, boolean wanted) {
    rows.put(queue, new Row(depth, bytes, wanted));
  }

  /** Those that are locked. */
  String[] known() {
    return rows.keySet().toArray(String[]::new);
  }

  boolean isKnown(String queue) {
    return rows.containsKey(queue);
  }

  /** It is not there, unless this transaction makes it. */
  void knowAbsent(String queue) {
    absent.add(queue);
  }

  /** Somebody was refused, and wants to hear of room. */
  void refused(String queue) {
    Row row = row(queue);
    if (row != null && !row.wanted) {
      row.wanted = true;
      row.changed = true;
    }
  }

  /** It may be larger now. */
  void enlarged(String queue) {
    Row row = row(queue);
    if (row != null && row.wanted) {
      room(queue, row);
    }
  }

  private void room(String queue, Row row) {
    row.wanted = false;
    row.changed = true;
    room.add(queue);
  }

  /** Queues that somebody was refused at, and that have room now. */
  Set<String> room() {
    return room;
  }

  /** Writes what has changed. */
  void write() {
    rows.forEach((queue, row) -> {
      if (row.changed) {
        sql.later(
            "UPDATE queue SET depth = ?, bytes = ?, wanted = ? WHERE name = ?",
            row.depth,
            row.bytes,
            row.wanted ? 1 : 0,
            queue);
      }
    });
  }

  @Override
  public long depth(String queue) {
    Row row = row(queue);
    return row == null ? 0 : row.depth;
  }

  @Override
  public long bytes(String queue) {
    Row row = row(queue);
    return row == null ? 0 : row.bytes;
  }

  @Override
  public boolean isEmpty(String queue) {
    return sql.first("SELECT 1 FROM job WHERE queue = ? LIMIT 1", _ -> true, queue) == null;
  }

  @Override
  public void moved(String queue, @Nullable JobState from, @Nullable JobState to, long bytes) {
    int more = unfinished(to) - unfinished(from);
    if (more != 0) {
      change(queue, more, more * bytes);
    }
  }

  @Override
  public void grown(String queue, long bytes) {
    change(queue, 0, bytes);
  }

  @Override
  public Map<String, QueueCounts> all() {
    long now = clock.nanos();
    if (!isCounted || now - countedAt >= countEvery.toNanos()) {
      counted = count();
      countedAt = clock.nanos();
      isCounted = true;
    }
    return counted;
  }

  private void change(String queue, int more, long moreBytes) {
    absent.remove(queue);
    Row row = row(queue);
    if (row == null) {
      throw new IllegalStateException("there is no queue " + queue + " for its jobs");
    }
    row.depth += more;
    row.bytes += moreBytes;
    row.changed = true;
    if (row.wanted && (more < 0 || moreBytes < 0)) {
      room(queue, row);
    }
  }

  private @Nullable Row row(String queue) {
    Row row = rows.get(queue);
    if (row == null && !absent.contains(queue)) {
      row =
          sql.first(
              "SELECT depth, bytes, wanted FROM queue WHERE name = ? FOR UPDATE",
              read -> new Row(read.number(1), read.number(2), read.number(3) != 0),
              queue);
      dialect.dropPlaces();
      if (row != null) {
        rows.put(queue, row);
      }
    }
    return row;
  }

  private Map<String, QueueCounts> count() {
    Map<String, long[]> counts = new HashMap<>();
    sql.all(
        "SELECT queue, state, count(*), sum(bytes) FROM job GROUP BY queue, state",
        row -> {
          JobState state = JobState.of((int) row.number(2));
          long[] of =
              counts.computeIfAbsent(row.text(1), _ -> new long[JobState.values().length + 1]);
          of[state.code()] = row.number(3);
          of[of.length - 1] += state.isFinished() ? 0 : row.number(4);
          return state;
        });
    Map<String, QueueCounts> all = new HashMap<>();
    counts.forEach((queue, of) -> all.put(queue, counts(of)));
    return all;
  }

  private static QueueCounts counts(long[] of) {
    return new QueueCounts(
        of[JobState.SCHEDULED.code()],
        of[JobState.BLOCKED.code()],
        of[JobState.QUEUED.code()],
        of[JobState.RUNNING.code()],
        of[JobState.RETRYING.code()],
        of[JobState.SUCCEEDED.code()],
        of[JobState.FAILED.code()],
        of[JobState.CANCELLED.code()],
        of[of.length - 1]);
  }

  private static int unfinished(@Nullable JobState state) {
    return state == null || state.isFinished() ? 0 : 1;
  }
}
