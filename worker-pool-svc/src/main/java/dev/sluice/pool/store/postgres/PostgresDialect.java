package dev.sluice.pool.store.postgres;

import dev.sluice.pool.store.sql.Dialect;
import dev.sluice.pool.store.sql.Sql;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;

/**
 * An id is a {@code uuid}. Places are fetched in blocks; those of a block that were fetched before
 * a queue was locked are not given in it, as others may have given greater ones.
 */
final class PostgresDialect implements Dialect {
  /** How many places a block has: there are blocks for all transactions of many thousand years. */
  static final int BLOCK = 1_024;

  private long place;
  private long end;

  /** A queue was locked, or a transaction begins. */
  void dropPlaces() {
    end = place;
  }

  /** A block was fetched, and all queues had been locked. */
  void placesFrom(long first) {
    place = first;
    end = first + BLOCK;
  }

  @Override
  public void bind(PreparedStatement statement, int at, UUID id) throws SQLException {
    statement.setObject(at, id);
  }

  /** There is no zero character in a text. */
  @Override
  public void bind(PreparedStatement statement, int at, String text) throws SQLException {
    statement.setString(at, text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD'));
  }

  @Override
  public void bind(PreparedStatement statement, int at, Object[] values) throws SQLException {
    String type = values instanceof UUID[] ? "uuid" : "text";
    statement.setArray(at, statement.getConnection().createArrayOf(type, values));
  }

  @Override
  public UUID id(ResultSet row, int at) throws SQLException {
    return row.getObject(at, UUID.class);
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  @Override
  public String skipLocked() {
    return " FOR UPDATE SKIP LOCKED";
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Long nextPlace(Sql sql) {
    if (place == end) {
      Long first = sql.first("SELECT nextval('job_seq')", row -> row.number(1));
      placesFrom(Objects.requireNonNull(first, "a block of places"));
    }
    return place++;
  }
}
