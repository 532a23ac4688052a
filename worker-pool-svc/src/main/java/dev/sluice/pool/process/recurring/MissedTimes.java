package dev.sluice.pool.process.recurring;

import dev.sluice.pool.model.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which times of a schedule are to be served now.
 *
 * @param times for each of them a job is submitted, oldest first
 * @param skipped how many are not served; of many at least one
 * @param next when it goes on; it may have passed, when there is more to catch up with; null: never
 */
public record MissedTimes(List<Instant> times, int skipped, @Nullable Instant next) {
  /** How many times are caught up with in one step. */
  public static final int AT_ONCE = 1000;

  /**
   * A time counts as missed when it has passed so long ago: what runs looks much sooner, and cron
   * knows no shorter step than twice this.
   */
  public static final Duration LATE = Duration.ofSeconds(30);

  /** Copies the list. */
  public MissedTimes {
    times = List.copyOf(times);
  }

  /**
   * Of a schedule that is due.
   *
   * @param now what the time is
   */
  public static MissedTimes of(Schedule schedule, Instant now) {
    Instant due = schedule.next();
    if (due == null || due.isAfter(now)) {
      return new MissedTimes(List.of(), 0, due);
    }
    Cron cron = Cron.parse(schedule.cron(), schedule.zone());
    return switch (schedule.missed()) {
      case CATCH_UP -> all(cron, due, now);
      case SKIP -> last(cron, due, now);
    };
  }

  private static MissedTimes all(Cron cron, Instant due, Instant now) {
    var times = new ArrayList<Instant>();
    Optional<Instant> next = Optional.of(due);
    while (next.isPresent() && !next.get().isAfter(now) && times.size() < AT_ONCE) {
      times.add(next.get());
      next = cron.next(next.get());
    }
    return new MissedTimes(times, 0, next.orElse(null));
  }

  /** The one that has just come, if it has; those before have been missed. */
  private static MissedTimes last(Cron cron, Instant due, Instant now) {
    Instant late = now.minus(LATE);
    if (due.isAfter(late)) {
      return new MissedTimes(List.of(due), 0, cron.next(due).orElse(null));
    }
    Optional<Instant> next = cron.next(late);
    if (next.isPresent() && !next.get().isAfter(now)) {
      Instant just = next.get();
      return new MissedTimes(List.of(just), 1, cron.next(just).orElse(null));
    }
    return new MissedTimes(List.of(), 1, next.orElse(null));
  }
}
