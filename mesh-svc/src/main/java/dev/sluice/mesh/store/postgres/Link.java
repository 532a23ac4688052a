package dev.sluice.mesh.store.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * A connection, and its statements; owned by one process. Statements that take too long, and locks
 * that are not given, end with an error; a transaction that is left alone, as its process hangs, is
 * ended by the server, so that it holds no lock for ever.
 */
final class Link implements AutoCloseable {
  private static final String OPTIONS =
      "-c search_path=sluice_mesh,pg_catalog"
          + " -c statement_timeout=15s"
          + " -c lock_timeout=10s"
          + " -c idle_in_transaction_session_timeout=10s"
          + " -c default_transaction_isolation=read\\ committed"
          + " -c client_min_messages=warning"
          // plans are kept from when the tables were small
          + " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Link(Connection connection) {
    this.connection = connection;
  }

  /** Connects; what is done is to be committed. */
  static Link open(PostgresSettings settings) throws SQLException {
    Properties properties = settings.properties();
    properties.setProperty("options", OPTIONS);
    Connection connection = new Driver().connect(settings.url(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not take " + settings.url());
    }
    try {
      connection.setAutoCommit(false);
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
    return new Link(connection);
  }

  /**
   * A statement, prepared once and kept. Its parameters and its result are good until it is asked
   * for again.
   *
   * @param sql constant text, as every text is kept
   */
  PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** Runs a text of one or more statements. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  /** A parameter of many values. */
  Array array(String type, Object[] values) throws SQLException {
    return connection.createArrayOf(type, values);
  }

  /** Undoes what was not committed, as far as the server does not know of it yet. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException gone) {
      // it is closed all the same
    }
  }
}
