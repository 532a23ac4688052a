package dev.sluice.pool.store.sqlite;

import dev.sluice.pool.store.sql.Dialect;
import dev.sluice.pool.store.sql.Sql;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An id is a blob of 16 bytes; there are no locks, as there is one connection. */
final class SqliteDialect implements Dialect {
  @Override
  public void bind(PreparedStatement statement, int at, UUID id) throws SQLException {
    statement.setBytes(
        at,
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array());
  }

  @Override
  public UUID id(ResultSet row, int at) throws SQLException {
    ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(at));
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  @Override
  public String forUpdate() {
    return "";
  }

  @Override
  public String skipLocked() {
    return "";
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public @Nullable Long nextPlace(Sql sql) {
    return null;
  }
}
