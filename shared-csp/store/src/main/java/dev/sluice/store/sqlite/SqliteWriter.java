package dev.sluice.store.sqlite;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Heartbeat;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.store.sqlite.SqliteSession.Batch;
import dev.sluice.store.sqlite.SqliteSession.Line;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The process that writes a file, with group commit: it takes all that waits, applies it in one
 * transaction, commits once, and then tells everybody. While the disk flushes, the next group
 * gathers; so the more there are who write, the less each pays for the flush.
 *
 * <p>What was told committed is on the disk. When a transaction fails (the disk is full, say),
 * nothing of it has happened, everybody in it is told so, and the writer goes on with the next.
 *
 * <p>It runs on a platform thread: SQLite waits for the disk in native code, which would hold the
 * carrier of a virtual one.
 *
 * @see <a href="https://doi.org/10.1145/602259.602261">DeWitt, Katz, Olken, Shapiro, Stonebraker,
 *     Wood: Implementation techniques for main memory database systems, 1984 (group commit)</a>
 */
public final class SqliteWriter {
  private static final Logger LOG = Logger.getLogger(SqliteWriter.class);

  /** After how many tasks a transaction takes no further batch, so that the heart beats. */
  private static final int MAX_GROUP = 16_384;

  private static final Duration CHORE_EVERY = Duration.ofSeconds(1);

  /** Housekeeping in the file, done in a transaction of its own, about once a second. */
  @FunctionalInterface
  public interface Chore {
    /**
     * Does a part of it, in a time that those who wait for their commit hardly notice.
     *
     * @return whether there is more to do, which then does not wait for the next second
     */
    boolean work(SqliteFile file) throws SQLException;

    /**
     * Hears that a transaction was undone, of tasks or of housekeeping: what is remembered of the
     * file may be wrong. Called before anything else is done with it.
     */
    default void undone() {}
  }

  private final SqliteFile file;
  private final Clock clock;
  private final Chore chore;
  private final Channel<Batch> inbox;
  private final Scope scope;
  private final String name;
  private int sessions;
  private final int maxSessions;

  // Owned by the writer's process.
  private long nextChore;

  private boolean writesFail;
  private boolean choresFail;

  private SqliteWriter(Scope scope, SqliteFile file, int maxSessions, Chore chore) {
    this.file = file;
    this.clock = scope.clock();
    this.chore = chore;
    this.scope = scope;
    this.maxSessions = maxSessions;
    this.name = String.valueOf(file.path().getFileName());
    this.inbox = scope.channel(name, maxSessions * SqliteSession.WINDOW);
    this.nextChore = clock.nanos();
  }

  /**
   * Starts the writer as a process of the scope, and gives it the file, which it closes when it
   * ends.
   *
   * @param scope where it lives; by its clock it goes
   * @param monitor watches its heart, which does not beat while the disk flushes
   * @param maxSessions how many {@link #session}s there will be at most
   * @param chore what it does besides
   */
  public static SqliteWriter start(
      Scope scope, HeartbeatMonitor monitor, SqliteFile file, int maxSessions, Chore chore)
      throws InterruptedException {
    var writer = new SqliteWriter(scope, file, maxSessions, chore);
    Heartbeat heartbeat = monitor.watch(writer.name);
    scope.startOnPlatformThread(
        writer.name,
        () -> {
          writer.run(heartbeat);
          monitor.forget(heartbeat);
        });
    return writer;
  }

  /**
   * Opens a way to the writer, for one process; called by the thread that has started the writer.
   *
   * @param wake makes that process call {@link SqliteSession#collect} soon; called by the writer's
   *     thread, does not wait, and does not throw
   * @throws IllegalStateException there are as many as were planned
   */
  public SqliteSession session(Runnable wake) {
    if (sessions == maxSessions) {
      throw new IllegalStateException(name + " has " + maxSessions + " sessions already");
    }
    Channel<SqliteSession.Done> done =
        scope.channel(name + ".done-" + sessions++, SqliteSession.WINDOW);
    return new SqliteSession(inbox, file.path().toString(), done, wake);
  }

  /** Takes no more; what was handed over is done, then the process ends. */
  public void close() {
    inbox.tryClose();
  }

  private void run(Heartbeat heartbeat) throws InterruptedException {
    var group = new ArrayList<Batch>();
    try (file) {
      while (!inbox.isClosedForReceive()) {
        Batch first = inbox.tryReceive(pause(heartbeat));
        if (first != null) {
          group.add(first);
          gather(group);
          write(group);
          group.clear();
        }
        doChore();
        heartbeat.beat();
      }
    } finally {
      inbox.tryClose();
      inbox.drainTo(group, Integer.MAX_VALUE);
      tell(group, name + " is closed");
    }
  }

  private void gather(List<Batch> group) {
    int tasks = group.getFirst().tasks().size();
    for (Batch next; tasks < MAX_GROUP && (next = inbox.tryReceive()) != null; ) {
      group.add(next);
      tasks += next.tasks().size();
    }
  }

  private Duration pause(Heartbeat heartbeat) {
    var chorePause = Duration.ofNanos(Math.max(0, nextChore - clock.nanos()));
    return chorePause.compareTo(heartbeat.interval()) < 0 ? chorePause : heartbeat.interval();
  }

  private void write(List<Batch> group) {
    List<Batch> taken = group.stream().filter(batch -> batch.line().takes(batch)).toList();
    Exception failure =
        transact(() -> {
          for (Batch batch : taken) {
            for (SqliteTask task : batch.tasks()) {
              task.apply(file);
            }
          }
        });
    if (!taken.isEmpty()) {
      writesFail = log("a transaction", writesFail, failure);
    }
    tell(group, failure == null ? null : String.valueOf(failure.getMessage()));
  }

  /** Those that were not taken are told the same: their sessions have failed them already. */
  private static void tell(List<Batch> group, @Nullable String failure) {
    Set<Line> lines = new LinkedHashSet<>();
    for (Batch batch : group) {
      batch.line().tell(batch, failure);
      lines.add(batch.line());
    }
    lines.forEach(Line::wakeIfTold);
  }

  private void doChore() {
    if (clock.nanos() - nextChore >= 0) {
      boolean[] more = {false};
      Exception failure = transact(() -> more[0] = chore.work(file));
      choresFail = log("housekeeping", choresFail, failure);
      nextChore = clock.nanos() + (failure == null && more[0] ? 0 : CHORE_EVERY.toNanos());
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws SQLException;
  }

  /** {@return null when it is committed, or else why it is not} */
  private @Nullable Exception transact(Work work) {
    try {
      if (file.isBroken()) {
        file.rollback();
      }
      work.run();
      file.commit();
      return null;
    } catch (SQLException | RuntimeException failure) {
      rollback(failure);
      chore.undone();
      return failure;
    }
  }

  /**
   * Tells of the first failure, and of the first time that it works again.
   *
   * @return whether it has failed
   */
  private boolean log(String what, boolean failedBefore, @Nullable Exception failure) {
    if (failure != null && !failedBefore) {
      LOG.errorf(failure, "%s in %s has failed", what, file.path());
    } else if (failure == null && failedBefore) {
      LOG.infof("%s in %s works again", what, file.path());
    }
    return failure != null;
  }

  private void rollback(Exception failure) {
    try {
      file.rollback();
    } catch (SQLException again) { // it is tried once more before the next transaction
      failure.addSuppressed(again);
    }
  }
}
