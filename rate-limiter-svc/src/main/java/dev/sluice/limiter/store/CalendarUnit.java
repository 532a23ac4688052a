package dev.sluice.limiter.store;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The units of the calendar that a fixed window may have, in UTC. A week begins on Monday (ISO
 * 8601).
 */
public enum CalendarUnit {
  /** Of the clock. */
  SECOND(Duration.ofSeconds(1)),
  /** Of the clock. */
  MINUTE(Duration.ofMinutes(1)),
  /** Of the clock. */
  HOUR(Duration.ofHours(1)),
  /** From midnight. */
  DAY(Duration.ofDays(1)),
  /** From Monday. */
  WEEK(Duration.ofDays(7)),
  /** From the first. */
  MONTH(Duration.ofDays(31)),
  /** From the first of January. */
  YEAR(Duration.ofDays(366));

  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long FIRST_MONDAY = Duration.ofDays(4).toNanos(); // 1970-01-05

  private final Duration longest;

  CalendarUnit(Duration longest) {
    this.longest = longest;
  }

  /** How long the longest of its kind is: 31 days for a month. */
  public Duration longest() {
    return longest;
  }

  /**
   * When the unit that an instant lies in ends and the next begins.
   *
   * @param now nanoseconds since 1970-01-01T00:00:00Z, as is the answer
   * @param further how many more units to go on after it, 0 or more
   */
  public long end(long now, long further) {
    return switch (this) {
      case SECOND, MINUTE, HOUR, DAY -> end(now, further, 0);
      case WEEK -> end(now, further, FIRST_MONDAY);
      case MONTH -> nanos(dateOf(now).withDayOfMonth(1).plusMonths(1 + further));
      case YEAR -> nanos(dateOf(now).withDayOfYear(1).plusYears(1 + further));
    };
  }

  private long end(long now, long further, long origin) {
    long length = longest.toNanos();
    return (Math.floorDiv(now - origin, length) + 1 + further) * length + origin;
  }

  private static LocalDate dateOf(long nanos) {
    return LocalDate.ofInstant(
        Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND_NANOS)), ZoneOffset.UTC);
  }

  private static long nanos(LocalDate date) {
    return Math.multiplyExact(date.toEpochDay() * Duration.ofDays(1).toSeconds(), SECOND_NANOS);
  }
}
