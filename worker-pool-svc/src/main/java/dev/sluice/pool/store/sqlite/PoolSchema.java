package dev.sluice.pool.store.sqlite;

import dev.sluice.store.sqlite.SqliteSchema;
import java.util.List;

/**
 * The tables. Instants are milliseconds since 1970, durations milliseconds.
 *
 * <p>What changes of a job is in a narrow row; what was submitted is written once and lies beside
 * it. SQLite adds the row's number, {@code seq}, to each index by itself.
 */
final class PoolSchema {
  private static final int APPLICATION = 0x534c506c; // SLPl

  private static final List<String> VERSION_1 =
      List.of(
          """
          CREATE TABLE queue(
            name TEXT PRIMARY KEY,
            settings TEXT, -- JSON; null while nobody has configured it
            paused INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE job(
            seq INTEGER PRIMARY KEY, -- the order of acceptance
            id BLOB NOT NULL UNIQUE,
            queue TEXT NOT NULL,
            state INTEGER NOT NULL,
            priority INTEGER NOT NULL,
            due INTEGER, -- its one timer: to begin, lease over, deadline, or to be forgotten
            lease INTEGER,
            tried INTEGER NOT NULL,
            uncounted INTEGER NOT NULL,
            grp TEXT,
            debounce TEXT, -- null when it has begun
            keyed INTEGER NOT NULL,
            begin_at INTEGER,
            deadline INTEGER,
            accepted_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            worker TEXT,
            error TEXT,
            bytes INTEGER NOT NULL
          ) STRICT\
          """,
          "CREATE INDEX job_by_state ON job(queue, state, priority)",
          "CREATE INDEX job_by_due ON job(due) WHERE due IS NOT NULL",
          "CREATE INDEX job_by_group ON job(queue, grp) WHERE grp IS NOT NULL AND finished_at IS NULL",
          "CREATE UNIQUE INDEX job_by_debounce ON job(queue, debounce) WHERE debounce IS NOT NULL",
          """
          CREATE TABLE content(
            seq INTEGER PRIMARY KEY,
            attempts INTEGER NOT NULL,
            timeout INTEGER NOT NULL,
            backoff_initial INTEGER NOT NULL,
            backoff_factor REAL NOT NULL,
            backoff_max INTEGER NOT NULL,
            backoff_jitter REAL NOT NULL,
            call TEXT, -- JSON
            form INTEGER NOT NULL,
            payload BLOB NOT NULL
          ) STRICT\
          """,
          """
          CREATE TABLE attempt(
            seq INTEGER NOT NULL,
            number INTEGER NOT NULL,
            worker TEXT,
            started_at INTEGER NOT NULL,
            finished_at INTEGER NOT NULL,
            status INTEGER,
            error TEXT,
            PRIMARY KEY(seq, number)
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE output(
            seq INTEGER NOT NULL,
            kind INTEGER NOT NULL, -- 0 result, 1 progress
            form INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY(seq, kind)
          ) STRICT\
          """,
          """
          CREATE TABLE idempotency(
            queue TEXT NOT NULL,
            name TEXT NOT NULL,
            id BLOB NOT NULL,
            hash BLOB NOT NULL,
            state INTEGER, -- the job's last, when it is deleted
            expires INTEGER NOT NULL,
            PRIMARY KEY(queue, name)
          ) STRICT, WITHOUT ROWID\
          """,
          "CREATE INDEX idempotency_by_end ON idempotency(expires)",
          "CREATE INDEX idempotency_by_job ON idempotency(id)",
          """
          CREATE TABLE schedule(
            name TEXT PRIMARY KEY,
            cron TEXT NOT NULL,
            zone TEXT NOT NULL,
            missed TEXT NOT NULL,
            job TEXT NOT NULL, -- JSON
            paused INTEGER NOT NULL,
            next_at INTEGER,
            last_at INTEGER,
            last_job BLOB
          ) STRICT, WITHOUT ROWID\
          """,
          "CREATE INDEX schedule_by_time ON schedule(next_at) WHERE paused = 0",
          "CREATE TABLE probe(number INTEGER NOT NULL) STRICT",
          "INSERT INTO probe VALUES(0)");

  static final SqliteSchema SCHEMA = new SqliteSchema(APPLICATION, List.of(VERSION_1));

  private PoolSchema() {}
}
