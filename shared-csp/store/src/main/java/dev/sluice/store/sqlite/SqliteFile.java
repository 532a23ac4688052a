package dev.sluice.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;

/**
 * An SQLite file that this process has for itself, on one connection. Who owns it uses it: first
 * the thread that opens it, then the process of its {@link SqliteWriter}.
 *
 * <p>It is kept with a write-ahead log and {@code synchronous=FULL}: what {@link #commit} has
 * returned from is on the disk, as far as the disk tells the truth when it is told to flush. The
 * lock is exclusive, so no other process can open the file meanwhile, not even to read.
 *
 * @see <a href="https://sqlite.org/wal.html">SQLite: Write-Ahead Logging</a>
 */
public final class SqliteFile implements AutoCloseable {
  private static final int BUSY_MILLIS = 2_000;

  private final Path path;
  private final Connection connection;

  /** Which file it is; null: in memory, or nobody can tell. */
  private final @Nullable Object key;

  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private long commits;

  /** Whether a transaction has failed and not been ended. */
  private boolean broken;

  private SqliteFile(Path path, Connection connection, @Nullable Object key) {
    this.path = path;
    this.connection = connection;
    this.key = key;
  }

  /**
   * Opens the file, makes it if there is none, and brings it to the schema's newest version.
   *
   * @throws SqliteFileException another process has it; it is another program's, or of a newer
   *     version; it is damaged; or the disk does not let it be
   */
  public static SqliteFile open(Path path, SqliteSchema schema) {
    requireName(path);
    requireDirectory(path);
    SqliteLibrary.load();
    Connection connection = null;
    try {
      connection = JDBC.createConnection(JDBC.PREFIX + path, new Properties());
      prepare(connection);
      requireWhole(connection);
      migrate(connection, schema);
      connection.setAutoCommit(false);
      return new SqliteFile(path, connection, keyOf(path));
    } catch (SQLException failure) {
      close(connection);
      throw new SqliteFileException(path + " " + whyNot(failure), failure);
    } catch (IOException failure) {
      close(connection);
      throw new SqliteFileException(path + " cannot be opened: " + failure.getMessage(), failure);
    }
  }

  /**
   * Makes a database without a file, which is gone when it is closed.
   *
   * @param name what it is called where a file's path would be told
   */
  public static SqliteFile inMemory(String name, SqliteSchema schema) {
    SqliteLibrary.load();
    try {
      Connection connection = JDBC.createConnection(JDBC.PREFIX + ":memory:", new Properties());
      migrate(connection, schema);
      connection.setAutoCommit(false);
      return new SqliteFile(Path.of(name), connection, null);
    } catch (SQLException failure) {
      throw new SqliteFileException(name + " " + whyNot(failure), failure);
    }
  }

  /** Which file; of a database in memory its name. */
  public Path path() {
    return path;
  }

  /**
   * A statement, prepared once and kept. Its parameters and its result are good until it is asked
   * for again.
   *
   * @param sql constant text, as every text is kept
   */
  public PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /**
   * Commits what was done since the last commit or rollback.
   *
   * @throws SQLException it is not committed, also because the file is not in its place any more;
   *     {@link #rollback} is due
   */
  public void commit() throws SQLException {
    requireInPlace();
    connection.commit();
    commits++;
  }

  /** What is written to a file that has no name any more is gone with this process. */
  private void requireInPlace() throws SQLException {
    if (key == null) {
      return;
    }
    try {
      if (key.equals(keyOf(path))) {
        return;
      }
    } catch (IOException gone) {
      // so it is not in its place
    }
    throw new SQLException(path + " has been removed or replaced while it is in use");
  }

  /** Which file it is, whatever its name; null where files cannot be told apart. */
  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** How many times it has been committed. */
  public long commits() {
    return commits;
  }

  /**
   * Undoes what was done since the last commit, of which SQLite may have undone all already.
   *
   * @throws SQLException nothing can be done with the file now; may be called again
   */
  public void rollback() throws SQLException {
    broken = true;
    for (PreparedStatement statement : statements.values()) { // one that has failed is of no use
      statement.close();
    }
    statements.clear();
    try {
      connection.rollback();
    } catch (SQLException ended) { // by SQLite itself
      execute(connection, "BEGIN");
    }
    broken = false;
  }

  /** Whether {@link #rollback} has to be called once more before anything else. */
  public boolean isBroken() {
    return broken;
  }

  /** Closes it, with what was not committed undone. The log is written into the file if it can. */
  @Override
  public void close() {
    try {
      connection.rollback();
    } catch (SQLException nothingToUndo) {
      // it ends with the connection
    }
    close(connection);
  }

  /** The driver takes some names for something else than a file. */
  private static void requireName(Path path) {
    String name = path.toString();
    if (name.isEmpty() || name.startsWith(":") || name.startsWith("file:") || name.contains("?")) {
      throw new SqliteFileException(
          path
              + " cannot be opened: the name of a file must not begin with : or file:, or have a ?",
          null);
    }
  }

  private static void requireDirectory(Path path) {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new SqliteFileException(path + " cannot be opened: there is no directory for it", null);
    }
    if (Files.isDirectory(path)) {
      throw new SqliteFileException(path + " cannot be opened: it is a directory", null);
    }
  }

  private static void prepare(Connection connection) throws SQLException {
    execute(connection, "PRAGMA busy_timeout = " + BUSY_MILLIS);
    execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
    String mode =
        first(connection, "PRAGMA journal_mode = WAL"); // reads the file, and so takes the lock
    if (!"wal".equals(mode)) {
      throw new SQLException("cannot be opened: its journal cannot be a log, it is " + mode);
    }
    execute(connection, "PRAGMA synchronous = FULL");
    execute(connection, "PRAGMA journal_size_limit = 67108864");
    execute(connection, "PRAGMA trusted_schema = OFF");
    execute(connection, "BEGIN IMMEDIATE"); // the lock of a writer, which an exclusive one keeps
    execute(connection, "COMMIT");
  }

  private static void requireWhole(Connection connection) throws SQLException {
    String verdict = first(connection, "PRAGMA quick_check(1)");
    if (!"ok".equals(verdict)) {
      throw new SQLException(verdict, null, SQLiteErrorCode.SQLITE_CORRUPT.code);
    }
  }

  private static void migrate(Connection connection, SqliteSchema schema) throws SQLException {
    int application = number(connection, "PRAGMA application_id");
    int version = number(connection, "PRAGMA user_version");
    if (application != schema.application() && !isEmpty(connection)) {
      throw new SQLException("cannot be opened: it is another program's database");
    }
    if (version > schema.version()) {
      throw new SQLException(
          "cannot be opened: its schema is version "
              + version
              + ", this program knows versions up to "
              + schema.version());
    }
    if (version == schema.version()) {
      return;
    }
    execute(connection, "BEGIN IMMEDIATE");
    for (List<String> step : schema.versions().subList(version, schema.version())) {
      for (String sql : step) {
        execute(connection, sql);
      }
    }
    execute(connection, "PRAGMA application_id = " + schema.application());
    execute(connection, "PRAGMA user_version = " + schema.version());
    execute(connection, "COMMIT");
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    return number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  }

  private static int number(Connection connection, String sql) throws SQLException {
    return Integer.parseInt(first(connection, sql));
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new SQLException("no answer to " + sql);
      }
      return rows.getString(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** In one line, without the driver's own wording where it is known what it means. */
  private static String whyNot(SQLException failure) {
    return switch (failure.getErrorCode() & 0xff) { // without the extended part
      case 5, 6 -> "cannot be opened: another process has it"; // BUSY, LOCKED
      case 11 -> "cannot be opened: it is damaged (" + oneLine(failure) + ")"; // CORRUPT
      case 26 -> "cannot be opened: it is no SQLite database"; // NOTADB
      case 0 -> oneLine(failure); // not from SQLite
      default -> "cannot be opened: " + oneLine(failure);
    };
  }

  private static String oneLine(SQLException failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
  }

  private static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException closing) {
        // what was committed is in the log, and found there by who opens it next
      }
    }
  }
}
