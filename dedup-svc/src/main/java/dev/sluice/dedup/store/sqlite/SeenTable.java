package dev.sluice.dedup.store.sqlite;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.SeenKey;
import dev.sluice.dedup.store.SeenOutcome.Seen;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.sqlite.SqliteFile;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The rows of seen keys. */
final class SeenTable {
  /** How many rows go at a time: some milliseconds' work. */
  static final int PURGE_MOST = 10_000;

  private SeenTable() {}

  /** Gets the rows of a file. */
  @FunctionalInterface
  interface Reader {
    /**
     * Takes one.
     *
     * @param key null when only its fingerprint is kept
     */
    void take(Fingerprint print, String namespace, @Nullable String key, Seen seen);
  }

  /** Reads all windows that have not ended, one row after the other, the first to end first. */
  static void readAll(SqliteFile file, long now, Reader reader) throws SQLException {
    PreparedStatement select =
        file.statement(
            "SELECT fingerprint, namespace, key, times, first_seen, ends FROM seen"
                + " WHERE ends > ? ORDER BY ends");
    select.setLong(1, now);
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        reader.take(
            Prints.fingerprint(row.getBytes(1)),
            row.getString(2),
            row.getString(3),
            new Seen(row.getLong(4), row.getLong(5), row.getLong(6)));
      }
    }
  }

  static void put(SqliteFile file, SeenKey key, KeyForm form, Seen seen) throws SQLException {
    PreparedStatement insert =
        file.statement("INSERT OR REPLACE INTO seen VALUES(?, ?, ?, ?, ?, ?)");
    insert.setLong(1, seen.expiresAt());
    insert.setBytes(2, Prints.bytes(key.fingerprint()));
    insert.setString(3, key.namespace());
    insert.setString(4, form == KeyForm.VERBATIM ? key.key() : null);
    insert.setLong(5, seen.firstSeenAt());
    insert.setLong(6, seen.times());
    insert.executeUpdate();
  }

  static void remove(SqliteFile file, Fingerprint print, long ends) throws SQLException {
    PreparedStatement delete =
        file.statement("DELETE FROM seen WHERE ends = ? AND fingerprint = ?");
    delete.setLong(1, ends);
    delete.setBytes(2, Prints.bytes(print));
    delete.executeUpdate();
  }

  static void count(SqliteFile file, Fingerprint print, Seen seen) throws SQLException {
    PreparedStatement update =
        file.statement("UPDATE seen SET times = ? WHERE ends = ? AND fingerprint = ?");
    update.setLong(1, seen.times());
    update.setLong(2, seen.expiresAt());
    update.setBytes(3, Prints.bytes(print));
    update.executeUpdate();
  }

  /**
   * Deletes some of what has ended.
   *
   * @return whether there may be more
   */
  static boolean purge(SqliteFile file, long now) throws SQLException {
    PreparedStatement delete =
        file.statement(
            "DELETE FROM seen WHERE (ends, fingerprint) IN"
                + " (SELECT ends, fingerprint FROM seen WHERE ends <= ? ORDER BY ends LIMIT ?)");
    delete.setLong(1, now);
    delete.setInt(2, PURGE_MOST);
    return delete.executeUpdate() == PURGE_MOST;
  }
}
