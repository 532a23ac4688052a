package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedWindowTest {
  @ParameterizedTest
  @CsvSource({
    "SECOND, 2026-11-24T18:58:10.5Z, 2026-11-24T18:58:11Z",
    "MINUTE, 2026-11-24T18:58:10.5Z, 2026-11-24T18:59:00Z",
    "HOUR,   2026-11-24T18:58:10.5Z, 2026-11-24T19:00:00Z",
    "DAY,    2026-11-24T18:58:10.5Z, 2026-11-25T00:00:00Z",
    "WEEK,   2026-11-24T18:58:10.5Z, 2026-11-30T00:00:00Z",
    "WEEK,   2026-11-30T00:00:00Z,   2026-12-07T00:00:00Z",
    "MONTH,  2028-02-29T23:59:59Z,   2028-03-01T00:00:00Z",
    "YEAR,   2028-02-29T23:59:59Z,   2029-01-01T00:00:00Z",
    "MONTH,  1970-01-01T00:00:00Z,   1970-02-01T00:00:00Z"
  })
  void aUnitEndsWhenTheCalendarSaysSo(CalendarUnit unit, Instant now, Instant end) {
    assertEquals(nanos(end), unit.end(nanos(now), 0));
  }

  @Test
  void allPermitsAreThereAgainInTheNextWindow() {
    var cell = new Cell(FixedWindow.COUNTS);
    var window = new FixedWindow(new Limit.FixedWindow(3, CalendarUnit.HOUR));
    long halfPast = nanos(Instant.parse("2026-11-24T18:30:00Z"));
    window.take(cell, 3, halfPast);

    long half = Duration.ofMinutes(30).toNanos();
    assertEquals(half, window.nanosUntil(cell, 1, halfPast));
    assertEquals(half + 4 * half, window.nanosUntil(cell, 7, halfPast));
    assertEquals(0, window.remaining(cell, halfPast + half - 1));
    assertEquals(3, window.remaining(cell, halfPast + half));
  }

  @Property
  void noWindowHoldsMoreThanTheLimitAndEveryAnswerEqualsTheModels(
      @ForAll CalendarUnit unit,
      @ForAll @LongRange(min = 1, max = 20) long limit,
      @ForAll @Size(60) List<@From("steps") Double> steps,
      @ForAll @Size(60) List<@IntRange(min = 1, max = 20) Integer> permits) {
    var window = new FixedWindow(new Limit.FixedWindow(limit, unit));
    var cell = new Cell(FixedWindow.COUNTS);
    Map<LocalDateTime, Long> model = new HashMap<>();
    long now = nanos(Instant.parse("2026-11-24T18:30:00Z"));
    LocalDateTime latest = LocalDateTime.MIN;
    for (int i = 0; i < steps.size(); i++) {
      now += (long) (steps.get(i) * unit.longest().toNanos());
      LocalDateTime start = start(unit, now);
      if (start.isBefore(latest)) {
        start = latest; // the clock has gone back
      }
      long used = model.getOrDefault(start, 0L);
      long wanted = Math.min(permits.get(i), limit);
      assertEquals(limit - used, window.remaining(cell, now));
      long until =
          used + wanted <= limit ? 0 : nanos(after(unit, start, 1).toInstant(ZoneOffset.UTC)) - now;
      assertEquals(until, window.nanosUntil(cell, wanted, now));
      if (until == 0) {
        window.take(cell, wanted, now);
        model.put(start, used + wanted);
        latest = start;
      } else if (used >= wanted) {
        window.giveBack(cell, wanted, now);
        model.put(start, used - wanted);
      }
    }
  }

  /** Parts of the window: mostly forward, sometimes back. */
  @Provide
  Arbitrary<Double> steps() {
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.doubles().between(0, 0.4)),
        Tuple.of(1, Arbitraries.doubles().between(0, 3)),
        Tuple.of(1, Arbitraries.doubles().between(-1.5, 0)));
  }

  private static LocalDateTime start(CalendarUnit unit, long nanos) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            nanos / 1_000_000_000, (int) (nanos % 1_000_000_000), ZoneOffset.UTC);
    LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
    return switch (unit) {
      case SECOND -> time.truncatedTo(ChronoUnit.SECONDS);
      case MINUTE -> time.truncatedTo(ChronoUnit.MINUTES);
      case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
      case YEAR -> day.withDayOfYear(1);
    };
  }

  private static LocalDateTime after(CalendarUnit unit, LocalDateTime start, int units) {
    return start.plus(units, ChronoUnit.valueOf(unit.name() + "S"));
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
  }
}
