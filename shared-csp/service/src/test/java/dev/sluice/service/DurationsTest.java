package dev.sluice.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "10ns, PT0.00000001S",
    "1us, PT0.000001S",
    "250ms, PT0.25S",
    "10s, PT10S",
    "5m, PT5M",
    "24h, PT24H",
    "7d, PT168H",
    "0ms, PT0S",
    "0d, PT0S",
    "007s, PT7S",
    "PT0.25S, PT0.25S",
    "P1DT1H, PT25H",
    "pt1s, PT1S",
    "PT0.000000001S, PT0.000000001S",
    "9223372036854775807ns, PT2562047H47M16.854775807S"
  })
  void unitsAndIsoAreParsed(String text, Duration expected) {
    assertEquals(expected, Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "10",
        "10x",
        "1.5s",
        "10 s",
        " 10s",
        "10s ",
        "10S",
        "10sec",
        "+10s",
        "1h30m",
        "0x10s",
        "P",
        "PT",
        "PTs",
        "P1Y",
        "never",
        "\u0661s",
        "1\u00b5s"
      })
  void anythingElseIsRefusedWithTheValueAndWhatIsAllowed(String text) {
    assertRefused(text, Quoted.of(text) + " is not a duration, must be " + Durations.DESCRIPTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT1S", "PT-1S", "P-1D"})
  void negativeIsRefused(String text) {
    assertRefused(text, Quoted.of(text) + " is negative, must be " + Durations.DESCRIPTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808ns",
        "106752d",
        "9223372036854775807d",
        "99999999999999999999999999s",
        "PT9223372036S1",
        "P106752D",
        "PT9223372036854775807S"
      })
  void tooLongIsRefusedInsteadOfOverflowing(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
    var message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(Quoted.of(text)), message);
  }

  @Test
  void whatWasParsedCountsInNanoseconds() {
    assertEquals(Long.MAX_VALUE, Durations.parse("9223372036854775807ns").toNanos());
    assertEquals(Duration.ofDays(106_751), Durations.parse("106751d"));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.00000001S, 10ns",
    "PT0.0000015S, 1500ns",
    "PT0.00025S, 250us",
    "PT0.25S, 250ms",
    "PT1.5S, 1500ms",
    "PT1S, 1s",
    "PT90S, 90s",
    "PT60S, 1m",
    "PT61M, 61m",
    "PT1H, 1h",
    "PT24H, 1d",
    "PT25H, 25h",
    "PT168H, 7d",
    "PT-1.5S, -1500ms",
    "PT-9223372036854775808S, PT-2562047788015215H-30M-8S"
  })
  void theShortestExactTextIsRendered(Duration duration, String expected) {
    assertEquals(expected, Durations.format(duration));
  }

  @Test
  void whatIsRenderedParsesToTheSame() {
    var random = new Random(7);
    for (var i = 0; i < 100_000; i++) {
      var duration = Duration.ofNanos(random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
      assertEquals(duration, Durations.parse(Durations.format(duration)));
    }
  }

  @Test
  void theSettingReadsTheSameForm() {
    assertEquals(Duration.ofMillis(250), new DurationSetting().convert(" 250ms "));
    assertThrows(IllegalArgumentException.class, () -> new DurationSetting().convert("10"));
  }

  private static void assertRefused(String text, String message) {
    var e = assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
    assertEquals(message, e.getMessage());
  }
}
