package dev.sluice.pool.store.postgres;

import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.NewJob.Priority;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Terms;
import dev.sluice.pool.store.sql.CallJson;
import dev.sluice.pool.store.sql.JobTables;
import dev.sluice.pool.store.sql.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that others have submitted within their own transactions, by {@code sluice.submit}. They are
 * accepted, and are jobs as all others when they have been moved, by one instance at a time, in the
 * order in which they came.
 */
final class Outbox {
  /** Where a commit that has put something in is notified. */
  static final String CHANNEL = "sluice_outbox";

  private static final Logger LOG = Logger.getLogger(Outbox.class);

  /** How many are moved at a time, and how many characters they may have together. */
  private static final int MOST = 500;

  private static final long MOST_CHARS = 8L << 20;

  /** The one that moves has this lock. */
  private static final long TURN = 0x6d6f_7665_7273L; // movers

  private static final String COLUMNS =
      "seq, id, queue, payload, priority, delay, not_before, deadline, attempts, timeout,"
          + " backoff_initial, backoff_factor, backoff_max, backoff_jitter, idempotency_key, grp,"
          + " call, submitted_at, failed";

  private static final String TAKE =
      "SELECT "
          + COLUMNS
          + " FROM (SELECT *, sum(length(payload)) OVER (ORDER BY seq) - length(payload) AS before"
          + " FROM (SELECT * FROM outbox WHERE failed IS NULL ORDER BY seq LIMIT ?) AS first)"
          + " AS most WHERE before < ? ORDER BY seq";

  private final Sql sql;

  /**
   * A job that is not moved yet.
   *
   * @param terms what is missing is as the queue says
   */
  record Entry(
      long seq,
      UUID id,
      String queue,
      Payload payload,
      Priority priority,
      Duration delay,
      @Nullable Instant notBefore,
      @Nullable Instant deadline,
      Wishes terms,
      @Nullable String key,
      @Nullable String group,
      @Nullable String call,
      Instant submittedAt,
      @Nullable String failed) {

    NewJob job(Terms queues) {
      return new NewJob(
          queue,
          payload,
          CallJson.call(call),
          priority,
          Duration.ZERO,
          beginAt(),
          deadline,
          terms.or(queues),
          key,
          group,
          null);
    }

    /** When it may begin, if that is not at once. */
    @Nullable Instant beginAt() {
      Instant delayed = submittedAt.plus(delay);
      Instant begin = notBefore == null || notBefore.isBefore(delayed) ? delayed : notBefore;
      return begin.isAfter(submittedAt) ? begin : null;
    }
  }

  /** Terms, where some of them may be missing. */
  record Wishes(
      @Nullable Long attempts,
      @Nullable Long timeout,
      @Nullable Long initial,
      @Nullable Double factor,
      @Nullable Long max,
      @Nullable Double jitter) {

    Terms or(Terms queues) {
      Backoff backoff = queues.backoff();
      Duration first = or(initial, backoff.initial());
      Duration longest = or(max, backoff.max());
      return new Terms(
          attempts == null ? queues.attempts() : attempts.intValue(),
          or(timeout, queues.timeout()),
          new Backoff(
              first,
              factor == null ? backoff.factor() : factor,
              longest.compareTo(first) < 0 ? first : longest,
              jitter == null ? backoff.jitter() : jitter));
    }

    private static Duration or(@Nullable Long millis, Duration otherwise) {
      return millis == null ? otherwise : Duration.ofMillis(millis);
    }
  }

  Outbox(Sql sql) {
    this.sql = sql;
  }

  /** Whether there is something to be moved. */
  static boolean isFilled(Link link) throws SQLException {
    try (var rows =
        link.statement("SELECT EXISTS(SELECT FROM outbox WHERE failed IS NULL)").executeQuery()) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  /** The first that came, when it is this one's turn; waits for it. */
  List<Entry> take() {
    sql.first("SELECT pg_advisory_xact_lock(?)", _ -> true, TURN);
    return sql.all(TAKE, Outbox::entry, MOST, MOST_CHARS);
  }

  /** Makes it a job as all others, within the transaction that has taken it. */
  void move(Entry entry, JobTables tables) {
    NewJob job;
    try {
      job = entry.job(tables.settings(entry.queue()).terms());
    } catch (IllegalArgumentException | IllegalStateException bad) {
      LOG.errorf(bad, "the job %s in the outbox cannot be moved", entry.id());
      sql.later("UPDATE outbox SET failed = ? WHERE seq = ?", bad.toString(), entry.seq());
      return;
    }
    tables.admit(job, entry.id());
    sql.later("DELETE FROM outbox WHERE seq = ?", entry.seq());
  }

  /** One that is here still, as it will be. */
  Optional<JobView> find(UUID id, Terms defaults) {
    Entry entry = sql.first("SELECT " + COLUMNS + " FROM outbox WHERE id = ?", Outbox::entry, id);
    return entry == null ? Optional.empty() : Optional.of(view(entry, defaults));
  }

  private static JobView view(Entry entry, Terms defaults) {
    Instant beginAt = entry.beginAt();
    JobState state = beginAt == null ? JobState.QUEUED : JobState.SCHEDULED;
    boolean failed = entry.failed() != null;
    return new JobView(
        entry.id(),
        entry.queue(),
        failed ? JobState.FAILED : state,
        entry.priority(),
        entry.group(),
        failed ? null : CallJson.call(entry.call()),
        entry.payload(),
        entry.terms().or(defaults),
        0,
        List.of(),
        null,
        null,
        null,
        null,
        entry.submittedAt(),
        beginAt,
        entry.deadline(),
        failed ? entry.submittedAt() : null,
        entry.failed());
  }

  private static Entry entry(Sql.Row row) throws SQLException {
    return new Entry(
        row.number(1),
        row.id(2),
        row.text(3),
        Payload.json(row.text(4)),
        Priority.values()[(int) row.number(5)],
        Duration.ofMillis(row.number(6)),
        instant(row.optional(7)),
        instant(row.optional(8)),
        new Wishes(
            row.optional(9),
            row.optional(10),
            row.optional(11),
            row.optionalReal(12),
            row.optional(13),
            row.optionalReal(14)),
        row.optionalText(15),
        row.optionalText(16),
        row.optionalText(17),
        Instant.ofEpochMilli(row.number(18)),
        row.optionalText(19));
  }

  private static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
