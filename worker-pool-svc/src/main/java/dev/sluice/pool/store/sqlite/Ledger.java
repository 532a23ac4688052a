package dev.sluice.pool.store.sqlite;

import dev.sluice.pool.store.QueueDefaults;
import dev.sluice.pool.store.sql.JobTables;
import dev.sluice.pool.store.sql.Sql;
import dev.sluice.pool.store.sql.SqlFailure;
import dev.sluice.store.EpochClock;
import dev.sluice.store.sqlite.SqliteFile;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The jobs of a file, as its writer has them: used by the thread that opens the file, then by the
 * writer.
 */
final class Ledger {
  private static final long NO_TRANSACTION = -1;

  private final SqliteFile file;
  private final EpochClock clock;
  private final MemoryCounts counts;
  private final JobTables tables;
  private long transaction = NO_TRANSACTION;
  private long now;

  private Ledger(SqliteFile file, EpochClock clock, MemoryCounts counts, JobTables tables) {
    this.file = file;
    this.clock = clock;
    this.counts = counts;
    this.tables = tables;
  }

  /**
   * Reads what is to be known, and takes back what a dead process had.
   *
   * @throws SQLException it cannot be read or written
   */
  static Ledger open(
      SqliteFile file, EpochClock clock, QueueDefaults defaults, RandomGenerator random)
      throws SQLException {
    var sql = new Sql(file::statement, new SqliteDialect());
    try {
      MemoryCounts counts = MemoryCounts.read(sql, file::commits);
      var tables = new JobTables(sql, defaults, counts, random);
      var ledger = new Ledger(file, clock, counts, tables);
      tables.begin(ledger.now());
      tables.adoptOrphans();
      file.commit();
      return ledger;
    } catch (SqlFailure failure) {
      throw failure.why();
    }
  }

  /**
   * Does a work within the present transaction.
   *
   * @param work what is done, then the changes are to be had of the tables
   */
  <R> R on(Function<JobTables, R> work) throws SQLException {
    tables.begin(now());
    try {
      return work.apply(tables);
    } catch (SqlFailure failure) {
      throw failure.why();
    }
  }

  /** The transaction was undone. */
  void undone() {
    counts.undo();
    tables.forget();
    transaction = NO_TRANSACTION;
  }

  /** The same during a transaction. */
  private long now() {
    if (transaction != file.commits()) {
      transaction = file.commits();
      now = TimeUnit.NANOSECONDS.toMillis(clock.nanos());
    }
    return now;
  }
}
