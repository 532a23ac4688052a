package dev.sluice.dedup.store.sqlite;

import dev.sluice.store.sqlite.SqliteSchema;
import java.util.List;

/**
 * The tables.
 *
 * <p>Seen keys stand in the order in which their windows end. Windows of the same length so are
 * added at one end of the tree, page by page and not one page a key, and what has ended is deleted
 * at the other. To find a key the file is not needed: it is in memory, with the end of its window.
 *
 * <p>The totals of the claims are kept by triggers, so that what undoes a transaction undoes them.
 */
final class DedupSchema {
  private static final int APPLICATION = 0x534c4464; // SLDd

  private static final List<String> VERSION_1 =
      List.of(
          "CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
          """
          CREATE TABLE seen(
            ends INTEGER NOT NULL, -- nanoseconds since 1970, as all instants here
            fingerprint BLOB NOT NULL,
            namespace TEXT NOT NULL,
            key TEXT, -- null when only the fingerprint is kept
            first_seen INTEGER NOT NULL,
            times INTEGER NOT NULL,
            PRIMARY KEY(ends, fingerprint)
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE claim(
            fingerprint BLOB PRIMARY KEY,
            token BLOB NOT NULL,
            request TEXT,
            fence INTEGER NOT NULL,
            lease_ends INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            response BLOB, -- null while it is in progress
            bytes INTEGER NOT NULL, -- of the response, as the limit counts them
            ends INTEGER NOT NULL -- when the key is nobody's again
          ) STRICT\
          """,
          "CREATE INDEX claim_by_end ON claim(ends)",
          "INSERT INTO meta VALUES('claims', 0), ('claim-bytes', 0), ('fence', 0), ('probe', 0)",
          """
          CREATE TRIGGER claim_added AFTER INSERT ON claim BEGIN
            UPDATE meta SET value = value + 1 WHERE name = 'claims';
            UPDATE meta SET value = value + new.bytes WHERE name = 'claim-bytes';
          END\
          """,
          """
          CREATE TRIGGER claim_removed AFTER DELETE ON claim BEGIN
            UPDATE meta SET value = value - 1 WHERE name = 'claims';
            UPDATE meta SET value = value - old.bytes WHERE name = 'claim-bytes';
          END\
          """,
          """
          CREATE TRIGGER claim_changed AFTER UPDATE OF bytes ON claim BEGIN
            UPDATE meta SET value = value + new.bytes - old.bytes WHERE name = 'claim-bytes';
          END\
          """);

  static final SqliteSchema SCHEMA = new SqliteSchema(APPLICATION, List.of(VERSION_1));

  private DedupSchema() {}
}
