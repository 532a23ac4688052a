package dev.sluice.pool.process.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:07Z");

  @Test
  void readsSeconds() {
    assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("0", NOW));
    assertEquals(Optional.of(Duration.ofSeconds(120)), RetryAfter.parse(" 120 ", NOW));
  }

  @Test
  void takesMoreSecondsThanALongHoldsForVeryMany() {
    assertEquals(
        Optional.of(Duration.ofSeconds(Integer.MAX_VALUE)), RetryAfter.parse("9".repeat(400), NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"
      })
  void readsTheThreeFormsOfADate(String date) {
    assertEquals(Optional.of(Duration.ofSeconds(30)), RetryAfter.parse(date, NOW));
  }

  @Test
  void readsAYearOfTwoDigitsAsAtMostFiftyYearsAhead() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    assertEquals(
        Optional.of(Duration.ofDays(365)), RetryAfter.parse("Friday, 01-Jan-27 00:00:00 GMT", now));
  }

  @Test
  void takesADateThatHasPassedForNow() {
    assertEquals(
        Optional.of(Duration.ZERO), RetryAfter.parse("Sun, 06 Nov 1994 08:49:06 GMT", NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "soon", "-1", "1.5", "+3", "1e3", "Sun, 06 Nov 1994 25:49:37 GMT", "٣"})
  void ignoresWhatIsNeither(String value) {
    assertEquals(Optional.empty(), RetryAfter.parse(value, NOW));
  }
}
