package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.Attempt;
import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Terms;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a job and is not needed to decide: its content, the attempts that have ended, and
 * what its worker has given back.
 */
final class ContentTable {
  /** What {@link #terms} and {@link #call} read. */
  static final String COLUMNS =
      "content.attempts, content.timeout, content.backoff_initial, content.backoff_factor,"
          + " content.backoff_max, content.backoff_jitter, content.call";

  /** What {@link #content} reads. */
  static final String WHOLE = COLUMNS + ", content.form, content.payload";

  /** How many attempts are kept of a job. */
  private static final int ATTEMPTS_KEPT = 20;

  private static final Payload.Form[] FORMS = Payload.Form.values();

  private final Sql sql;

  /** What a worker gives back. */
  enum Output {
    RESULT,
    PROGRESS
  }

  /** What was submitted. */
  record Content(Terms terms, @Nullable Call call, Payload payload) {}

  ContentTable(Sql sql) {
    this.sql = sql;
  }

  /**
   * Keeps the content of a job.
   *
   * @param terms those of the job, and of its queue where it does not say
   */
  void insert(long seq, NewJob job, Terms terms) {
    Backoff backoff = terms.backoff();
    sql.later(
        "INSERT INTO content(seq, attempts, timeout, backoff_initial, backoff_factor, backoff_max,"
            + " backoff_jitter, call, form, payload) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        seq,
        terms.attempts(),
        terms.timeout().toMillis(),
        backoff.initial().toMillis(),
        backoff.factor(),
        backoff.max().toMillis(),
        backoff.jitter(),
        CallJson.text(job.call()),
        job.payload().form().ordinal(),
        job.payload().bytes());
  }

  /** Puts a later submit's payload and call in the place of those before. */
  void replace(long seq, NewJob job) {
    sql.later(
        "UPDATE content SET call = ?, form = ?, payload = ? WHERE seq = ?",
        CallJson.text(job.call()),
        job.payload().form().ordinal(),
        job.payload().bytes(),
        seq);
  }

  Content find(long seq) {
    Content content =
        sql.first("SELECT " + WHOLE + " FROM content WHERE seq = ?", row -> content(row, 1), seq);
    if (content == null) {
      throw new IllegalStateException("a job has no content");
    }
    return content;
  }

  /** Reads nine columns. */
  static Content content(Sql.Row row, int at) throws SQLException {
    return new Content(terms(row, at), call(row, at + 6), payload(row, at + 7));
  }

  /** Reads six columns. */
  static Terms terms(Sql.Row row, int at) throws SQLException {
    return new Terms(
        (int) row.number(at),
        Duration.ofMillis(row.number(at + 1)),
        new Backoff(
            Duration.ofMillis(row.number(at + 2)),
            row.real(at + 3),
            Duration.ofMillis(row.number(at + 4)),
            row.real(at + 5)));
  }

  static @Nullable Call call(Sql.Row row, int at) throws SQLException {
    return CallJson.call(row.optionalText(at));
  }

  /** Keeps an attempt that has ended; the row's count does not have it yet. */
  void addAttempt(JobRow row, long now, @Nullable Integer status, @Nullable String error) {
    long number = row.tried + 1;
    sql.later(
        "INSERT INTO attempt(seq, number, worker, started_at, finished_at, status, error)"
            + " VALUES(?, ?, ?, ?, ?, ?, ?)",
        row.seq,
        number,
        row.worker,
        row.startedAt == null ? (Long) now : row.startedAt,
        now,
        status,
        error);
    if (number > ATTEMPTS_KEPT) {
      sql.later(
          "DELETE FROM attempt WHERE seq = ? AND number <= ?", row.seq, number - ATTEMPTS_KEPT);
    }
  }

  List<Attempt> attempts(long seq) {
    return sql.all(
        "SELECT number, worker, started_at, finished_at, status, error FROM attempt WHERE seq = ?"
            + " ORDER BY number",
        row -> {
          Long status = row.optional(5);
          return new Attempt(
              (int) row.number(1),
              row.optionalText(2),
              Instant.ofEpochMilli(row.number(3)),
              Instant.ofEpochMilli(row.number(4)),
              status == null ? null : (Integer) status.intValue(),
              row.optionalText(6));
        },
        seq);
  }

  void putOutput(long seq, Output kind, Payload payload) {
    sql.later(
        "INSERT INTO output(seq, kind, form, payload) VALUES(?, ?, ?, ?)"
            + " ON CONFLICT(seq, kind) DO UPDATE SET form = excluded.form,"
            + " payload = excluded.payload",
        seq,
        kind.ordinal(),
        payload.form().ordinal(),
        payload.bytes());
  }

  @Nullable Payload output(long seq, Output kind) {
    return sql.first(
        "SELECT form, payload FROM output WHERE seq = ? AND kind = ?",
        row -> payload(row, 1),
        seq,
        kind.ordinal());
  }

  void deleteOutputs(long seq) {
    sql.later("DELETE FROM output WHERE seq = ?", seq);
  }

  /** Deletes all of a job. */
  void delete(long seq) {
    sql.later("DELETE FROM content WHERE seq = ?", seq);
    sql.later("DELETE FROM attempt WHERE seq = ?", seq);
    deleteOutputs(seq);
  }

  private static Payload payload(Sql.Row row, int at) throws SQLException {
    return new Payload(FORMS[(int) row.number(at)], row.bytes(at + 1));
  }
}
