package dev.sluice.pool.store.sqlite;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.store.EpochClock;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteFileException;
import dev.sluice.store.sqlite.SqliteWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.random.RandomGenerator;

/** Jobs in a file or in memory, and the process that writes them. */
public final class SqliteEngine implements JobStore.Engine {
  private static final int MAX_STORES = 8;

  /** The most memory, outside the heap, for pages of the file: 64 MiB. */
  private static final String CACHE = "PRAGMA cache_size = -65536";

  private final Scope scope;
  private final Ledger ledger;
  private final SqliteWriter writer;

  private SqliteEngine(Scope scope, Ledger ledger, SqliteWriter writer) {
    this.scope = scope;
    this.ledger = ledger;
    this.writer = writer;
  }

  /**
   * Opens a file, makes it if there is none, and starts the writer in a scope of its own. Jobs that
   * were running in push queues are queued again: who called for them is dead.
   *
   * @param clock by which jobs and the writer go
   * @param monitor watches the writer's heart
   * @param defaults what holds for queues that nobody has configured
   * @param random used by the writer only: draws leases and the jitter of retries
   * @throws SqliteFileException the file cannot be used; the message is one line that says why
   */
  public static SqliteEngine start(
      Path file,
      Clock clock,
      HeartbeatMonitor monitor,
      QueueDefaults defaults,
      RandomGenerator random)
      throws InterruptedException {
    return start(SqliteFile.open(file, PoolSchema.SCHEMA), clock, monitor, defaults, random);
  }

  /** As {@link #start}, without a file: when it is closed, all is gone. */
  public static SqliteEngine inMemory(
      Clock clock, HeartbeatMonitor monitor, QueueDefaults defaults, RandomGenerator random)
      throws InterruptedException {
    SqliteFile memory = SqliteFile.inMemory("memory", PoolSchema.SCHEMA);
    return start(memory, clock, monitor, defaults, random);
  }

  private static SqliteEngine start(
      SqliteFile file,
      Clock clock,
      HeartbeatMonitor monitor,
      QueueDefaults defaults,
      RandomGenerator random)
      throws InterruptedException {
    Scope scope = Scope.open("sqlite", clock);
    try {
      file.statement(CACHE).execute();
      Ledger ledger = Ledger.open(file, new EpochClock(clock), defaults, random);
      SqliteWriter writer =
          SqliteWriter.start(scope, monitor, file, MAX_STORES, new Undoing(ledger));
      return new SqliteEngine(scope, ledger, writer);
    } catch (SQLException | RuntimeException failure) {
      file.close();
      scope.close();
      throw SqliteFileException.of(file.path(), failure);
    }
  }

  @Override
  public JobStore open(Runnable wake, JobStore.Listener listener) {
    return new SqliteJobStore(ledger, writer.session(wake), listener);
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public void close() {
    writer.close();
    try {
      scope.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    scope.close();
  }

  SqliteWriter writer() {
    return writer;
  }

  /** There is no housekeeping: who has a store sweeps. */
  private record Undoing(Ledger ledger) implements SqliteWriter.Chore {
    @Override
    public boolean work(SqliteFile file) {
      return false;
    }

    @Override
    public void undone() {
      ledger.undone();
    }
  }
}
