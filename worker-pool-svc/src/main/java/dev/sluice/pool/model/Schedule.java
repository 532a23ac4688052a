package dev.sluice.pool.model;

import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that comes again and again.
 *
 * @param name what it is called
 * @param cron when, five fields as in crontab(5)
 * @param zone in which time zone
 * @param missed what becomes of times that have passed while nothing ran
 * @param job what is submitted each time
 * @param paused whether nothing is submitted
 * @param next when the next time is; null: never
 * @param last when it was submitted last; null: never
 * @param lastJob the job of that time, if there is still one of this id; null: none
 */
public record Schedule(
    String name,
    String cron,
    ZoneId zone,
    Missed missed,
    NewJob job,
    boolean paused,
    @Nullable Instant next,
    @Nullable Instant last,
    @Nullable UUID lastJob) {

  /** What becomes of times that have passed while nothing ran. */
  public enum Missed {
    /** Nothing: the next time counts. */
    SKIP,
    /** One job for each, in order. */
    CATCH_UP
  }
}
