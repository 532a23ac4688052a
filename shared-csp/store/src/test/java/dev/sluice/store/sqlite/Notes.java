package dev.sluice.store.sqlite;

import dev.sluice.store.StoreFailure;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table to write to. */
final class Notes {
  static final List<String> VERSION_1 = List.of("CREATE TABLE note(text TEXT NOT NULL)");
  static final SqliteSchema SCHEMA = new SqliteSchema(4711, List.of(VERSION_1));

  private Notes() {}

  static List<String> all(SqliteFile file) throws SQLException {
    var notes = new ArrayList<String>();
    try (ResultSet rows = file.statement("SELECT text FROM note ORDER BY rowid").executeQuery()) {
      while (rows.next()) {
        notes.add(rows.getString(1));
      }
    }
    return notes;
  }

  static void add(SqliteFile file, String text) throws SQLException {
    PreparedStatement insert = file.statement("INSERT INTO note VALUES(?)");
    insert.setString(1, text);
    insert.executeUpdate();
  }

  /** Writes one note, and remembers what became of it. */
  static final class Add implements SqliteTask {
    final String text;

    /** How many commits there were before that of its transaction. */
    long commitsBefore = -1;

    @Nullable Boolean committed;
    StoreFailure.@Nullable Unavailable failure;

    Add(String text) {
      this.text = text;
    }

    @Override
    public void apply(SqliteFile file) throws SQLException {
      commitsBefore = file.commits();
      add(file, text);
    }

    @Override
    public void committed() {
      committed = true;
    }

    @Override
    public void failed(StoreFailure.Unavailable why) {
      committed = false;
      failure = why;
    }
  }
}
