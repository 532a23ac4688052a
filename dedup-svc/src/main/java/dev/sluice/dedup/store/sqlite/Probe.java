package dev.sluice.dedup.store.sqlite;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.sqlite.SqliteFile;
import dev.sluice.store.sqlite.SqliteTask;
import java.sql.SQLException;

/** Finds out whether the file can be written again. */
final class Probe implements SqliteTask {
  @Override
  public void apply(SqliteFile file) throws SQLException {
    file.statement("UPDATE meta SET value = value + 1 WHERE name = 'probe'").executeUpdate();
  }

  @Override
  public void committed() {}

  @Override
  public void failed(StoreFailure.Unavailable why) {}
}
