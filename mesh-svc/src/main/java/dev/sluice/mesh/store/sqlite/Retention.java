package dev.sluice.mesh.store.sqlite;

import dev.sluice.csp.SendChannel;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.store.EpochClock;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteWriter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Forgets answered requests that are old, or too many, in small steps; called by the writer. The
 * last one stays, so that a number is never given twice.
 */
final class Retention implements SqliteWriter.Chore {
  private static final int STEP = 1_000;

  /** For how many rounds the log is woken after a failure, so that it tries again. */
  private static final int WAKES = 3;

  /** What the index is to forget. */
  record Forgotten(List<Fingerprint> ids, List<Long> numbers) {}

  /** What is to go; all up to the last number. */
  private record Step(Forgotten forgotten, long last) {
    boolean isEmpty() {
      return forgotten.numbers().isEmpty();
    }

    boolean isFull() {
      return forgotten.numbers().size() == STEP;
    }
  }

  private final LogSettings settings;
  private final EpochClock time;
  private final Fingerprint.Secret secret;
  private final SendChannel<Forgotten> forget;
  private Runnable wake = () -> {};
  private int wakes;

  Retention(
      LogSettings settings,
      EpochClock time,
      Fingerprint.Secret secret,
      SendChannel<Forgotten> forget) {
    this.settings = settings;
    this.time = time;
    this.secret = secret;
    this.forget = forget;
  }

  /** Says whom to wake when something is forgotten; called within a transaction of the writer. */
  void wakes(Runnable log) {
    wake = log;
  }

  @Override
  public boolean work(SqliteFile file) throws SQLException {
    if (wakes > 0) {
      wakes--;
      wake.run();
    }
    Step step = step(file);
    if (step.isEmpty() || !forget.trySend(step.forgotten())) {
      return false; // in the second case the log has enough to do
    }
    delete(file, "DELETE FROM request WHERE seq IN (SELECT seq FROM outcome WHERE seq <= ?)", step);
    delete(file, "DELETE FROM outcome WHERE seq <= ?", step);
    wake.run();
    return step.isFull();
  }

  @Override
  public void undone() {
    wakes = WAKES;
  }

  private Step step(SqliteFile file) throws SQLException {
    long last = number(file, "SELECT max(seq) FROM outcome");
    long tooMany = last - settings.keepMax();
    long tooOld = time.nanos() / 1_000_000 - settings.keep().toMillis();
    boolean tooLarge = bytes(file) > settings.keepBytes();
    var ids = new ArrayList<Fingerprint>();
    var numbers = new ArrayList<Long>();
    PreparedStatement select =
        file.statement(
            "SELECT outcome.seq, at, id FROM outcome JOIN request USING(seq)"
                + " WHERE outcome.seq < ? ORDER BY outcome.seq LIMIT "
                + STEP);
    select.setLong(1, last);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next() && (tooLarge || rows.getLong(1) <= tooMany || rows.getLong(2) <= tooOld)) {
        numbers.add(rows.getLong(1));
        ids.add(Fingerprint.of(secret, null, rows.getString(3)));
      }
    }
    return new Step(new Forgotten(ids, numbers), numbers.isEmpty() ? 0 : numbers.getLast());
  }

  private static long bytes(SqliteFile file) throws SQLException {
    return (number(file, "PRAGMA page_count") - number(file, "PRAGMA freelist_count"))
        * number(file, "PRAGMA page_size");
  }

  private static long number(SqliteFile file, String sql) throws SQLException {
    try (ResultSet row = file.statement(sql).executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static void delete(SqliteFile file, String sql, Step step) throws SQLException {
    PreparedStatement delete = file.statement(sql);
    delete.setLong(1, step.last());
    delete.executeUpdate();
  }
}
