package dev.sluice.pool.store.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What SQLite and PostgreSQL say differently. */
public interface Dialect {
  /** Sets a parameter to an id. */
  void bind(PreparedStatement statement, int at, UUID id) throws SQLException;

  /** Sets a parameter to a text. */
  default void bind(PreparedStatement statement, int at, String text) throws SQLException {
    statement.setString(at, text);
  }

  /** Sets a parameter to an array of texts or ids, where there is such a thing. */
  default void bind(PreparedStatement statement, int at, Object[] values) throws SQLException {
    throw new SQLFeatureNotSupportedException("arrays");
  }

  /** Reads an id; there is one. */
  UUID id(ResultSet row, int at) throws SQLException;

  /** Ends a query so that its rows are locked until the transaction ends. */
  String forUpdate();

  /** As {@link #forUpdate}, of those rows only that nobody else has locked. */
  String skipLocked();

  /** Whether others write to these tables at the same time. */
  boolean isShared();

  /**
   * The place of the next job, greater than that of each job of its queue; null: the table gives
   * it.
   */
  @Nullable Long nextPlace(Sql sql);
}
