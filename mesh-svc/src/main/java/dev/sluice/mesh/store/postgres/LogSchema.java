package dev.sluice.mesh.store.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables, in the schema {@code sluice_mesh}. Instants are milliseconds since 1970. A version
 * that was released is never changed; a newer one adds to it, and takes nothing away that an older
 * router still needs.
 */
final class LogSchema {
  /** Routers that start at the same time take turns. */
  private static final long TURN = 0x536c_4d65_7368L; // SlMesh

  private static final List<String> VERSION_1 =
      List.of(
          """
          CREATE FUNCTION now_millis() RETURNS bigint LANGUAGE sql VOLATILE
          RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint\
          """,
          """
          CREATE TABLE router(
            name text COLLATE "C" PRIMARY KEY,
            renewed bigint NOT NULL -- when it has last shown that it lives
          ) WITH (fillfactor = 50)\
          """,
          "CREATE SEQUENCE request_seq",
          """
          CREATE TABLE request(
            seq bigint PRIMARY KEY, -- the order of acceptance, within a router
            router text COLLATE "C" NOT NULL, -- whose it is
            id text COLLATE "C" NOT NULL UNIQUE,
            key text COLLATE "C" NOT NULL,
            op text COLLATE "C" NOT NULL,
            payload bytea NOT NULL -- UTF-8
          ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)\
          """,
          """
          CREATE TABLE outcome(
            seq bigint PRIMARY KEY, -- the request's
            at bigint NOT NULL,
            kind int NOT NULL,
            shard int NOT NULL,
            worker text NOT NULL,
            number bigint NOT NULL, -- the epoch, or how many workers
            text bytea NOT NULL -- UTF-8
          ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)\
          """);

  private static final List<List<String>> VERSIONS = List.of(VERSION_1);

  private LogSchema() {}

  /**
   * Makes the tables, or brings them to the newest version.
   *
   * @throws PostgresException it cannot be done, or they are of a newer version; in one line
   */
  static void migrate(PostgresSettings settings) {
    try (Link link = Link.open(settings)) {
      takeTurn(link);
      int version = version(link);
      if (version > VERSIONS.size()) {
        throw new PostgresException(
            settings
                + " cannot be used: its schema is version "
                + version
                + ", this program knows versions up to "
                + VERSIONS.size(),
            null);
      }
      for (List<String> step : VERSIONS.subList(version, VERSIONS.size())) {
        for (String statement : step) {
          link.execute(statement);
        }
      }
      if (version < VERSIONS.size()) {
        link.execute("UPDATE version SET number = " + VERSIONS.size());
      }
      link.commit();
    } catch (SQLException failure) {
      throw PostgresException.of(settings, failure);
    }
  }

  private static void takeTurn(Link link) throws SQLException {
    PreparedStatement lock = link.statement("SELECT pg_advisory_xact_lock(?)");
    lock.setLong(1, TURN);
    lock.execute();
  }

  private static int version(Link link) throws SQLException {
    if (!isThere(link)) {
      link.execute("CREATE SCHEMA IF NOT EXISTS sluice_mesh");
      link.execute("CREATE TABLE version(number int NOT NULL)");
      link.execute("INSERT INTO version VALUES(0)");
    }
    try (ResultSet row = link.statement("SELECT number FROM version").executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table sluice_mesh.version is empty");
      }
      return row.getInt(1);
    }
  }

  private static boolean isThere(Link link) throws SQLException {
    PreparedStatement select =
        link.statement(
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                + " ON n.oid = c.relnamespace WHERE n.nspname = 'sluice_mesh'"
                + " AND c.relname = 'version'");
    try (ResultSet rows = select.executeQuery()) {
      return rows.next();
    }
  }
}
