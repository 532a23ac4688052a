package dev.sluice.dedup.store.sqlite;

import dev.sluice.store.sqlite.SqliteFile;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Single numbers in the file, by their names. */
final class Meta {
  private Meta() {}

  static OptionalLong get(SqliteFile file, String name) throws SQLException {
    PreparedStatement select = file.statement("SELECT value FROM meta WHERE name = ?");
    select.setString(1, name);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    }
  }

  static void set(SqliteFile file, String name, long value) throws SQLException {
    PreparedStatement upsert = file.statement("INSERT OR REPLACE INTO meta VALUES(?, ?)");
    upsert.setString(1, name);
    upsert.setLong(2, value);
    upsert.executeUpdate();
  }
}
