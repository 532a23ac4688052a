package dev.sluice.limiter.process.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.limiter.store.Window;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitTest {

  @ParameterizedTest
  @CsvSource({
    "SECOND, 2026-03-15T13:45:59.9Z, 2026-03-15T13:45:59Z, 2026-03-15T13:46:00Z",
    "MINUTE, 2026-03-15T13:45:59.9Z, 2026-03-15T13:45:00Z, 2026-03-15T13:46:00Z",
    "HOUR, 2026-03-15T13:45:59.9Z, 2026-03-15T13:00:00Z, 2026-03-15T14:00:00Z",
    "DAY, 2026-03-15T13:45:59.9Z, 2026-03-15T00:00:00Z, 2026-03-16T00:00:00Z",
    "DAY, 2026-03-16T00:00:00Z, 2026-03-16T00:00:00Z, 2026-03-17T00:00:00Z",
    "WEEK, 2026-03-15T13:45:59.9Z, 2026-03-12T00:00:00Z, 2026-03-19T00:00:00Z",
    "MONTH, 1970-01-31T00:00:00Z, 1970-01-31T00:00:00Z, 1970-03-02T00:00:00Z",
    "YEAR, 1970-12-31T23:59:59Z, 1970-01-01T00:00:00Z, 1971-01-01T00:00:00Z",
    "YEAR, 2026-03-15T13:45:59.9Z, 2025-12-18T00:00:00Z, 2026-12-18T00:00:00Z",
    "HOUR, 1969-12-31T23:59:59Z, 1969-12-31T23:00:00Z, 1970-01-01T00:00:00Z"
  })
  void windowsFollowEachOtherFrom1970On(Unit unit, Instant now, Instant start, Instant end) {
    assertEquals(new Window(start.getEpochSecond(), end.getEpochSecond()), unit.window(now, false));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-01T00:00:00Z, 2024-01-01T00:00:00Z, 2024-02-01T00:00:00Z",
    "2024-01-31T23:59:59Z, 2024-01-01T00:00:00Z, 2024-02-01T00:00:00Z",
    "2024-02-29T12:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
    "2026-12-31T23:59:59Z, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z"
  })
  void aMonthMayBeTheCalendars(Instant now, Instant start, Instant end) {
    assertEquals(
        new Window(start.getEpochSecond(), end.getEpochSecond()), Unit.MONTH.window(now, true));
  }

  @Test
  void calendarMonthsChangeNoOtherUnit() {
    Instant now = Instant.parse("2026-03-15T13:45:59Z");
    for (Unit unit : Unit.values()) {
      if (unit != Unit.MONTH) {
        assertEquals(unit.window(now, false), unit.window(now, true));
      }
    }
  }
}
