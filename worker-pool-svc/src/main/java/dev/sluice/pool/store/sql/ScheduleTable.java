package dev.sluice.pool.store.sql;

import dev.sluice.pool.model.Schedule;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Recurring jobs. */
final class ScheduleTable {
  private static final String SELECT =
      "SELECT name, cron, zone, missed, job, paused, next_at, last_at,"
          + " (SELECT job.id FROM job WHERE job.id = schedule.last_job) FROM schedule";

  private final Sql sql;

  ScheduleTable(Sql sql) {
    this.sql = sql;
  }

  void put(Schedule schedule) {
    sql.update(
        "INSERT INTO schedule(name, cron, zone, missed, job, paused, next_at, last_at, last_job)"
            + " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET"
            + " cron = excluded.cron, zone = excluded.zone, missed = excluded.missed,"
            + " job = excluded.job, paused = excluded.paused, next_at = excluded.next_at,"
            + " last_at = excluded.last_at, last_job = excluded.last_job",
        schedule.name(),
        schedule.cron(),
        schedule.zone().getId(),
        schedule.missed().name(),
        NewJobJson.text(schedule.job()),
        schedule.paused() ? 1 : 0,
        Millis.of(schedule.next()),
        Millis.of(schedule.last()),
        schedule.lastJob());
  }

  @Nullable Schedule find(String name) {
    return sql.first(SELECT + " WHERE name = ?", ScheduleTable::read, name);
  }

  List<Schedule> all() {
    return sql.all(SELECT + " ORDER BY name", ScheduleTable::read);
  }

  /** Those whose time has come. */
  List<Schedule> due(long now, int max) {
    return sql.all(
        SELECT + " WHERE paused = 0 AND next_at <= ? ORDER BY next_at, name LIMIT ?",
        ScheduleTable::read,
        now,
        max);
  }

  /** When the next one comes, of those whose time has not. */
  @Nullable Long next(long now) {
    return sql.first(
        "SELECT next_at FROM schedule WHERE paused = 0 AND next_at > ? ORDER BY next_at LIMIT 1",
        row -> row.number(1),
        now);
  }

  boolean delete(String name) {
    return sql.update("DELETE FROM schedule WHERE name = ?", name) > 0;
  }

  boolean advance(String name, Instant expected, @Nullable Instant next, @Nullable UUID lastJob) {
    return sql.update(
            "UPDATE schedule SET next_at = ?, last_at = ?, last_job = ?"
                + " WHERE name = ? AND next_at = ?",
            Millis.of(next),
            expected.toEpochMilli(),
            lastJob,
            name,
            expected.toEpochMilli())
        > 0;
  }

  private static Schedule read(Sql.Row row) throws SQLException {
    return new Schedule(
        row.text(1),
        row.text(2),
        ZoneId.of(row.text(3)),
        Schedule.Missed.valueOf(row.text(4)),
        NewJobJson.job(row.text(5)),
        row.number(6) != 0,
        Millis.instant(row.optional(7)),
        Millis.instant(row.optional(8)),
        row.optionalId(9));
  }
}
