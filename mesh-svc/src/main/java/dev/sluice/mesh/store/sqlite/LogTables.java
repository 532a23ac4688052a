package dev.sluice.mesh.store.sqlite;

import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.OutcomeRow;
import dev.sluice.mesh.store.RequestLog.Entry;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteSchema;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables. A request is at the number of its acceptance, and its outcome at the same one, so
 * both tables are written at their end: what a transaction brings is on few pages.
 */
final class LogTables {
  private static final int APPLICATION = 0x536c_4d65; // SlMe

  private static final List<String> VERSION_1 =
      List.of(
          """
          CREATE TABLE request(
            seq INTEGER PRIMARY KEY, -- the order of acceptance
            id TEXT NOT NULL,
            key TEXT NOT NULL,
            op TEXT NOT NULL,
            payload TEXT NOT NULL
          ) STRICT\
          """,
          """
          CREATE TABLE outcome(
            seq INTEGER PRIMARY KEY, -- the request's
            at INTEGER NOT NULL, -- milliseconds since 1970
            kind INTEGER NOT NULL,
            shard INTEGER NOT NULL,
            worker TEXT NOT NULL,
            number INTEGER NOT NULL, -- the epoch, or how many workers
            text TEXT NOT NULL
          ) STRICT\
          """,
          "CREATE TABLE probe(number INTEGER NOT NULL) STRICT",
          "INSERT INTO probe VALUES(0)");

  static final SqliteSchema SCHEMA = new SqliteSchema(APPLICATION, List.of(VERSION_1));

  private LogTables() {}

  static void insert(SqliteFile file, long seq, Request request) throws SQLException {
    PreparedStatement insert = file.statement("INSERT INTO request VALUES(?, ?, ?, ?, ?)");
    insert.setLong(1, seq);
    insert.setString(2, request.id());
    insert.setString(3, request.key());
    insert.setString(4, request.op());
    insert.setString(5, request.payload());
    insert.executeUpdate();
  }

  /** Does nothing when it has an outcome; the first is what callers were told. */
  static void finish(SqliteFile file, long seq, long at, Outcome outcome) throws SQLException {
    OutcomeRow row = OutcomeRow.of(outcome);
    PreparedStatement insert =
        file.statement("INSERT OR IGNORE INTO outcome VALUES(?, ?, ?, ?, ?, ?, ?)");
    insert.setLong(1, seq);
    insert.setLong(2, at);
    insert.setInt(3, row.kind());
    insert.setInt(4, row.shard());
    insert.setString(5, row.worker());
    insert.setLong(6, row.number());
    insert.setString(7, row.text());
    insert.executeUpdate();
  }

  /** Null when it has been forgotten. */
  static @Nullable Entry find(SqliteFile file, long seq) throws SQLException {
    PreparedStatement select =
        file.statement(
            "SELECT id, key, op, payload, kind, shard, worker, number, text"
                + " FROM request LEFT JOIN outcome USING(seq) WHERE seq = ?");
    select.setLong(1, seq);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? new Entry(request(row), outcome(row)) : null;
    }
  }

  static void probe(SqliteFile file) throws SQLException {
    file.statement("UPDATE probe SET number = number + 1").executeUpdate();
  }

  private static Request request(ResultSet row) throws SQLException {
    return new Request(
        row.getString(1), row.getString(2), row.getString(3), row.getString(4), true);
  }

  private static @Nullable Outcome outcome(ResultSet row) throws SQLException {
    int kind = row.getInt(5);
    return row.wasNull()
        ? null
        : new OutcomeRow(kind, row.getInt(6), row.getString(7), row.getLong(8), row.getString(9))
            .outcome();
  }
}
