package dev.sluice.limiter.process.envoy;

import dev.sluice.limiter.store.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The unit of time of a limit: the windows in which its hits are counted follow each other without
 * a gap, the first from 1970-01-01T00:00:00Z on.
 */
public enum Unit {
  SECOND(1),
  MINUTE(60),
  HOUR(3_600),
  DAY(86_400),
  WEEK(7 * 86_400),

  /** 30 days, or the month of the calendar: see {@link #window}. */
  MONTH(30 * 86_400),

  /** 365 days. */
  YEAR(365 * 86_400);

  private final long seconds;

  Unit(long seconds) {
    this.seconds = seconds;
  }

  /**
   * The window in which an instant lies.
   *
   * @param calendarMonths whether a month is the calendar's, in UTC, instead of 30 days
   */
  public Window window(Instant instant, boolean calendarMonths) {
    if (this == MONTH && calendarMonths) {
      LocalDate first = LocalDate.ofInstant(instant, ZoneOffset.UTC).withDayOfMonth(1);
      return new Window(startOf(first), startOf(first.plusMonths(1)));
    }
    long start = Math.floorDiv(instant.getEpochSecond(), seconds) * seconds;
    return new Window(start, start + seconds);
  }

  private static long startOf(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }
}
