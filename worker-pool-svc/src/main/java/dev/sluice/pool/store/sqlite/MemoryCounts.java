package dev.sluice.pool.store.sqlite;

import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.QueueCounts;
import dev.sluice.pool.store.sql.Counts;
import dev.sluice.pool.store.sql.Sql;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the jobs of a file that is written by its owner only: read once, then corrected by what
 * changes. What a transaction has changed is remembered until the next one, to be undone with it.
 */
final class MemoryCounts implements Counts {
  private static final int STATES = JobState.values().length;

  /** Where the bytes are. */
  private static final int BYTES = STATES;

  private final LongSupplier commits;
  private final Map<String, long[]> counts = new HashMap<>();
  private final Map<String, long[]> changes = new HashMap<>(); // of the transaction
  private long transaction = -1;

  private MemoryCounts(LongSupplier commits) {
    this.commits = commits;
  }

  /**
   * Reads them.
   *
   * @param commits how many transactions have been committed
   */
  static MemoryCounts read(Sql sql, LongSupplier commits) {
    var counts = new MemoryCounts(commits);
    sql.all(
        "SELECT queue, state, count(*), sum(bytes) FROM job GROUP BY queue, state",
        row -> {
          JobState state = JobState.of((int) row.number(2));
          long[] queue = counts.counts.computeIfAbsent(row.text(1), _ -> new long[STATES + 1]);
          queue[state.code()] = row.number(3);
          queue[BYTES] += state.isFinished() ? 0 : row.number(4);
          return state;
        });
    return counts;
  }

  /** The transaction was undone, if there was one. */
  void undo() {
    if (transaction == commits.getAsLong()) { // else these are of one that was committed
      changes.forEach((queue, change) -> add(counts, queue, change, -1));
    }
    changes.clear();
  }

  @Override
  public long depth(String queue) {
    long[] count = counts.get(queue);
    long depth = 0;
    for (int state = 0; count != null && state < JobState.SUCCEEDED.code(); state++) {
      depth += count[state];
    }
    return depth;
  }

  @Override
  public long bytes(String queue) {
    long[] count = counts.get(queue);
    return count == null ? 0 : count[BYTES];
  }

  @Override
  public boolean isEmpty(String queue) {
    return !counts.containsKey(queue);
  }

  @Override
  public void moved(String queue, @Nullable JobState from, @Nullable JobState to, long bytes) {
    var change = new long[STATES + 1];
    count(change, from, -1, bytes);
    count(change, to, 1, bytes);
    change(queue, change);
  }

  @Override
  public void grown(String queue, long bytes) {
    var change = new long[STATES + 1];
    change[BYTES] = bytes;
    change(queue, change);
  }

  @Override
  public Map<String, QueueCounts> all() {
    var all = new HashMap<String, QueueCounts>();
    counts.forEach((queue, count) ->
        all.put(
            queue,
            new QueueCounts(
                count[JobState.SCHEDULED.code()],
                count[JobState.BLOCKED.code()],
                count[JobState.QUEUED.code()],
                count[JobState.RUNNING.code()],
                count[JobState.RETRYING.code()],
                count[JobState.SUCCEEDED.code()],
                count[JobState.FAILED.code()],
                count[JobState.CANCELLED.code()],
                count[BYTES])));
    return all;
  }

  private static void count(long[] change, @Nullable JobState state, int sign, long bytes) {
    if (state != null) {
      change[state.code()] += sign;
      change[BYTES] += state.isFinished() ? 0 : sign * bytes;
    }
  }

  private void change(String queue, long[] change) {
    if (transaction != commits.getAsLong()) {
      transaction = commits.getAsLong();
      changes.clear();
    }
    add(changes, queue, change, 1);
    add(counts, queue, change, 1);
  }

  /** Nothing is kept of a queue that has nothing. */
  private static void add(Map<String, long[]> to, String queue, long[] change, int sign) {
    long[] count = to.computeIfAbsent(queue, _ -> new long[STATES + 1]);
    for (int i = 0; i < count.length; i++) {
      count[i] += sign * change[i];
    }
    if (Arrays.stream(count).allMatch(each -> each == 0)) {
      to.remove(queue);
    }
  }
}
