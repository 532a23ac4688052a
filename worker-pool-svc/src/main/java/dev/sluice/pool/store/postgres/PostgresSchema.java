package dev.sluice.pool.store.postgres;

import dev.sluice.pool.store.sql.Sql;
import dev.sluice.pool.store.sql.SqlFailure;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables, in the schema {@code sluice}. Instants are milliseconds since 1970, durations
 * milliseconds. A version that was released is never changed; a newer one adds to it, and takes
 * nothing away that an older instance still needs.
 */
final class PostgresSchema {
  /** Instances that start at the same time take turns. */
  private static final long TURN = 0x536c_7569_6365L; // Sluice

  private static final List<String> VERSION_1 =
      List.of(
          """
          CREATE FUNCTION now_millis() RETURNS bigint LANGUAGE sql VOLATILE
          RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint\
          """,
          """
          CREATE TABLE queue(
            name text COLLATE "C" PRIMARY KEY,
            settings text, -- JSON; null while nobody has configured it
            paused int NOT NULL,
            depth bigint NOT NULL DEFAULT 0, -- unfinished jobs
            bytes bigint NOT NULL DEFAULT 0, -- of their payloads
            wanted int NOT NULL DEFAULT 0 -- 1: somebody was refused as it was full
          ) WITH (fillfactor = 50)\
          """,
          "CREATE SEQUENCE job_seq INCREMENT "
              + PostgresDialect.BLOCK
              + " CACHE 1", // blocks of places
          """
          CREATE TABLE job(
            seq bigint PRIMARY KEY, -- the order of acceptance, within a queue
            id uuid NOT NULL UNIQUE,
            queue text COLLATE "C" NOT NULL,
            state int NOT NULL,
            priority int NOT NULL,
            due bigint, -- its one timer: to begin, lease over, deadline, or to be forgotten
            lease bigint,
            tried bigint NOT NULL,
            uncounted bigint NOT NULL,
            grp text COLLATE "C",
            debounce text COLLATE "C", -- null when it has begun
            keyed int NOT NULL,
            begin_at bigint,
            deadline bigint,
            accepted_at bigint NOT NULL,
            started_at bigint,
            finished_at bigint,
            worker text,
            error text,
            bytes bigint NOT NULL
          ) WITH (autovacuum_vacuum_scale_factor = 0.01,
            autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.02)\
          """,
          "CREATE INDEX job_by_state ON job(queue, state, priority, seq)",
          "CREATE INDEX job_by_due ON job(due) WHERE due IS NOT NULL",
          "CREATE INDEX job_by_group ON job(queue, grp, seq)"
              + " WHERE grp IS NOT NULL AND finished_at IS NULL",
          "CREATE UNIQUE INDEX job_by_debounce ON job(queue, debounce) WHERE debounce IS NOT NULL",
          """
          CREATE TABLE content(
            seq bigint PRIMARY KEY,
            attempts int NOT NULL,
            timeout bigint NOT NULL,
            backoff_initial bigint NOT NULL,
            backoff_factor double precision NOT NULL,
            backoff_max bigint NOT NULL,
            backoff_jitter double precision NOT NULL,
            call text, -- JSON
            form int NOT NULL,
            payload bytea NOT NULL
          )\
          """,
          """
          CREATE TABLE attempt(
            seq bigint NOT NULL,
            number bigint NOT NULL,
            worker text,
            started_at bigint NOT NULL,
            finished_at bigint NOT NULL,
            status int,
            error text,
            PRIMARY KEY(seq, number)
          )\
          """,
          """
          CREATE TABLE output(
            seq bigint NOT NULL,
            kind int NOT NULL, -- 0 result, 1 progress
            form int NOT NULL,
            payload bytea NOT NULL,
            PRIMARY KEY(seq, kind)
          )\
          """,
          """
          CREATE TABLE idempotency(
            queue text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            id uuid NOT NULL,
            hash bytea NOT NULL,
            state int, -- the job's last, when it is deleted
            expires bigint NOT NULL,
            PRIMARY KEY(queue, name)
          )\
          """,
          "CREATE INDEX idempotency_by_end ON idempotency(expires)",
          "CREATE INDEX idempotency_by_job ON idempotency(id)",
          """
          CREATE TABLE schedule(
            name text COLLATE "C" PRIMARY KEY,
            cron text NOT NULL,
            zone text NOT NULL,
            missed text NOT NULL,
            job text NOT NULL, -- JSON
            paused int NOT NULL,
            next_at bigint,
            last_at bigint,
            last_job uuid
          )\
          """,
          "CREATE INDEX schedule_by_time ON schedule(next_at) WHERE paused = 0");

  private static final List<List<String>> VERSIONS =
      List.of(Stream.concat(VERSION_1.stream(), OutboxSchema.VERSION_1.stream()).toList());

  private PostgresSchema() {}

  /**
   * Makes the tables, or brings them to the newest version.
   *
   * @throws PostgresException it cannot be done, or they are of a newer version; in one line
   */
  static void migrate(PostgresSettings settings) {
    try (Link link = Link.open(settings, false)) {
      var sql = new Sql(link::statement, new PostgresDialect());
      sql.first("SELECT pg_advisory_xact_lock(?)", _ -> true, TURN);
      int version = version(link, sql);
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
        sql.update("UPDATE version SET number = ?", VERSIONS.size());
      }
      link.commit();
    } catch (SqlFailure failure) {
      throw PostgresException.of(settings, failure.why());
    } catch (SQLException failure) {
      throw PostgresException.of(settings, failure);
    }
  }

  private static int version(Link link, Sql sql) throws SQLException {
    boolean isThere =
        sql.first(
                "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                    + " ON n.oid = c.relnamespace WHERE n.nspname = 'sluice'"
                    + " AND c.relname = 'version'",
                _ -> true)
            != null;
    if (!isThere) {
      link.execute("CREATE SCHEMA IF NOT EXISTS sluice");
      link.execute("CREATE TABLE version(number int NOT NULL)");
      link.execute("INSERT INTO version VALUES(0)");
    }
    Long version = sql.first("SELECT number FROM version", row -> row.number(1));
    if (version == null) {
      throw new SQLException("the table sluice.version is empty");
    }
    return version.intValue();
  }
}
