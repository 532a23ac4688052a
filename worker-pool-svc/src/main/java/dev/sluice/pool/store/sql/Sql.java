package dev.sluice.pool.store.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on one connection; used by one process at a time. A value is a {@link Long},
 * {@link Integer}, {@link Double}, {@link String}, {@code byte[]}, {@link UUID} or null. What fails
 * throws {@link SqlFailure}.
 */
public final class Sql {
  private static final String CONNECTION_FAILURE = "08006";

  private final Statements statements;
  private final Dialect dialect;

  /** What is to be done before anything else is, in this order. */
  private final Map<String, PreparedStatement> pending = new LinkedHashMap<>();

  /** Prepares statements, each text once. */
  @FunctionalInterface
  public interface Statements {
    /** The statement of this text. */
    PreparedStatement of(String sql) throws SQLException;
  }

  /**
   * Reads a row.
   *
   * @param <R> what it makes of it
   */
  @FunctionalInterface
  public interface Reader<R> {
    /** Reads it. */
    R read(Row row) throws SQLException;
  }

  /** The columns of a row, the first is 1. */
  public static final class Row {
    private final ResultSet columns;
    private final Dialect dialect;

    Row(ResultSet columns, Dialect dialect) {
      this.columns = columns;
      this.dialect = dialect;
    }

    /** A whole number; there is one. */
    public long number(int at) throws SQLException {
      return columns.getLong(at);
    }

    /** A whole number that may be missing. */
    public @Nullable Long optional(int at) throws SQLException {
      long value = columns.getLong(at);
      return value == 0 && columns.wasNull() ? null : (Long) value;
    }

    /** A number. */
    public double real(int at) throws SQLException {
      return columns.getDouble(at);
    }

    /** A number that may be missing. */
    public @Nullable Double optionalReal(int at) throws SQLException {
      double value = columns.getDouble(at);
      return value == 0 && columns.wasNull() ? null : (Double) value;
    }

    /** A text; there is one. */
    public String text(int at) throws SQLException {
      return columns.getString(at);
    }

    /** A text that may be missing. */
    public @Nullable String optionalText(int at) throws SQLException {
      return columns.getString(at);
    }

    /** Bytes; none of an empty or missing value. */
    public byte[] bytes(int at) throws SQLException {
      byte[] bytes = columns.getBytes(at);
      return bytes == null ? new byte[0] : bytes;
    }

    /** An id; there is one. */
    public UUID id(int at) throws SQLException {
      return dialect.id(columns, at);
    }

    /** An id that may be missing. */
    public @Nullable UUID optionalId(int at) throws SQLException {
      return columns.getObject(at) == null ? null : dialect.id(columns, at);
    }
  }

  public Sql(Statements statements, Dialect dialect) {
    this.statements = statements;
    this.dialect = dialect;
  }

  /** How the engine says some things. */
  public Dialect dialect() {
    return dialect;
  }

  /**
   * Changes rows, where others write too together with others that are changed by the same text:
   * before anything else is asked for, or {@link #flush} is called. Changes by different texts then
   * come in the order in which the texts came first, so they must not be about the same row, unless
   * the row's life has this order.
   */
  public void later(String sql, @Nullable Object... values) {
    if (!dialect.isShared()) {
      update(sql, values);
      return;
    }
    try {
      PreparedStatement statement = prepared(sql, values);
      statement.addBatch();
      pending.put(sql, statement);
    } catch (SQLException failure) {
      throw new SqlFailure(failure);
    }
  }

  /** Does what was to be done {@link #later}. When it fails, the rest is to be {@link #drop}ped. */
  public void flush() {
    try {
      for (PreparedStatement statement : pending.values()) {
        statement.executeBatch();
      }
    } catch (SQLException failure) {
      throw new SqlFailure(failure);
    } catch (AssertionError lost) { // pgJDBC, when the connection is lost within a batch
      throw new SqlFailure(new SQLException(lost.getMessage(), CONNECTION_FAILURE, lost));
    }
    pending.clear();
  }

  /** Drops what was to be done {@link #later}; the transaction is undone. */
  public void drop() {
    try {
      for (PreparedStatement statement : pending.values()) {
        statement.clearBatch();
      }
    } catch (SQLException failure) {
      throw new SqlFailure(failure);
    } finally {
      pending.clear();
    }
  }

  /** Changes rows, and says how many. */
  public int update(String sql, @Nullable Object... values) {
    flush();
    try {
      return prepared(sql, values).executeUpdate();
    } catch (SQLException failure) {
      throw new SqlFailure(failure);
    }
  }

  /** The first row, or null. */
  public <R> @Nullable R first(String sql, Reader<R> reader, @Nullable Object... values) {
    flush();
    try (ResultSet rows = prepared(sql, values).executeQuery()) {
      return rows.next() ? reader.read(new Row(rows, dialect)) : null;
    } catch (SQLException failure) {
      throw new SqlFailure(failure);
    }
  }

  /** All rows; the statement bounds them. */
  public <R> List<R> all(String sql, Reader<R> reader, @Nullable Object... values) {
    return until(Long.MAX_VALUE, _ -> 0, sql, reader, values);
  }

  /** The first rows, with the one that makes their weight enough; the others are not read. */
  public <R> List<R> until(
      long enough,
      ToLongFunction<? super R> weight,
      String sql,
      Reader<R> reader,
      @Nullable Object... values) {
    flush();
    try (ResultSet rows = prepared(sql, values).executeQuery()) {
      var all = new ArrayList<R>();
      var row = new Row(rows, dialect);
      long sum = 0;
      while (sum < enough && rows.next()) {
        R read = reader.read(row);
        all.add(read);
        sum += weight.applyAsLong(read);
      }
      return all;
    } catch (SQLException failure) {
      throw new SqlFailure(failure);
    }
  }

  private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = statements.of(sql);
    for (int i = 0; i < values.length; i++) {
      bind(statement, i + 1, values[i]);
    }
    return statement;
  }

  private void bind(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(at, Types.NULL);
      case Long number -> statement.setLong(at, number);
      case Integer number -> statement.setInt(at, number);
      case Double number -> statement.setDouble(at, number);
      case String text -> dialect.bind(statement, at, text);
      case byte[] bytes -> statement.setBytes(at, bytes);
      case UUID id -> dialect.bind(statement, at, id);
      case Object[] values -> dialect.bind(statement, at, values);
      default -> throw new IllegalArgumentException("no type of a column: " + value.getClass());
    }
  }
}
