package dev.sluice.mesh.store.sqlite;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.RequestLog;
import dev.sluice.store.EpochClock;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteFileException;
import dev.sluice.store.sqlite.SqliteWriter;
import java.nio.file.Path;
import java.sql.SQLException;

/** One router's log in a file or in memory, and the process that writes it. */
public final class SqliteLogEngine implements RequestLog.Engine {
  private static final int ROOM = 16;

  /** The most memory, outside the heap, for pages of the file: 64 MiB. */
  private static final String CACHE = "PRAGMA cache_size = -65536";

  private final Scope scope;
  private final Recovered recovered;
  private final EpochClock time;
  private final Retention retention;
  private final Channel<Retention.Forgotten> forgotten;
  private final SqliteWriter writer;
  private boolean isOpen;

  private SqliteLogEngine(
      Scope scope,
      Recovered recovered,
      EpochClock time,
      Retention retention,
      Channel<Retention.Forgotten> forgotten,
      SqliteWriter writer) {
    this.scope = scope;
    this.recovered = recovered;
    this.time = time;
    this.retention = retention;
    this.forgotten = forgotten;
    this.writer = writer;
  }

  /**
   * Opens a file, makes it if there is none, reads the ids that are in it, and starts the writer in
   * a scope of its own.
   *
   * @param clock by which the writer goes, and outcomes age
   * @param monitor watches the writer's heart
   * @throws SqliteFileException the file cannot be used; the message is one line that says why
   */
  public static SqliteLogEngine start(
      Path file, Clock clock, HeartbeatMonitor monitor, LogSettings settings)
      throws InterruptedException {
    return start(SqliteFile.open(file, LogTables.SCHEMA), clock, monitor, settings);
  }

  /**
   * As {@link #start}, without a file: nothing survives the process, requests that were accepted
   * and are not answered included.
   */
  public static SqliteLogEngine inMemory(
      Clock clock, HeartbeatMonitor monitor, LogSettings settings) throws InterruptedException {
    return start(SqliteFile.inMemory("memory", LogTables.SCHEMA), clock, monitor, settings);
  }

  private static SqliteLogEngine start(
      SqliteFile file, Clock clock, HeartbeatMonitor monitor, LogSettings settings)
      throws InterruptedException {
    Scope scope = Scope.open("sqlite", clock);
    try {
      file.statement(CACHE).execute();
      Recovered recovered = Recovered.read(file);
      file.rollback(); // ends the reading
      var time = new EpochClock(clock);
      Channel<Retention.Forgotten> forgotten = scope.channel("sqlite.forgotten", ROOM);
      var retention = new Retention(settings, time, recovered.secret(), forgotten);
      SqliteWriter writer = SqliteWriter.start(scope, monitor, file, 1, retention);
      return new SqliteLogEngine(scope, recovered, time, retention, forgotten, writer);
    } catch (SQLException | RuntimeException failure) {
      file.close();
      scope.close();
      throw SqliteFileException.of(file.path(), failure);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException it is open already: the log is one router's
   */
  @Override
  public RequestLog open(String router, Runnable wake) {
    if (isOpen) {
      throw new IllegalStateException("the log is open already, and one router's only");
    }
    isOpen = true;
    return new SqliteLog(recovered, writer.session(wake), time, retention, wake, forgotten);
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
}
