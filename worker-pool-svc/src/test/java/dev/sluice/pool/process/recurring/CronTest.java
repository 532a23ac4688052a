package dev.sluice.pool.process.recurring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CronTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * *        | 2026-01-01T00:01 2026-01-01T00:02 2026-01-01T00:03",
        "*/20 * * * *     | 2026-01-01T00:20 2026-01-01T00:40 2026-01-01T01:00",
        "5,10-12 3 * * *  | 2026-01-01T03:05 2026-01-01T03:10 2026-01-01T03:11",
        "1-59/30 * * * *  | 2026-01-01T00:01 2026-01-01T00:31 2026-01-01T01:01",
        "30 4 1 * *       | 2026-01-01T04:30 2026-02-01T04:30 2026-03-01T04:30",
        "0 0 31 * *       | 2026-01-31T00:00 2026-03-31T00:00 2026-05-31T00:00",
        "0 0 29 2 *       | 2028-02-29T00:00 2032-02-29T00:00 2036-02-29T00:00",
        "0 0 * * 0        | 2026-01-04T00:00 2026-01-11T00:00 2026-01-18T00:00",
        "0 0 * * 7        | 2026-01-04T00:00 2026-01-11T00:00 2026-01-18T00:00",
        "0 0 * * mon-FRI  | 2026-01-02T00:00 2026-01-05T00:00 2026-01-06T00:00",
        "0 0 * * 6-7      | 2026-01-03T00:00 2026-01-04T00:00 2026-01-10T00:00",
        "0 0 1 jan,Jul *  | 2026-07-01T00:00 2027-01-01T00:00 2027-07-01T00:00",
        "0 0 13 * 5       | 2026-01-02T00:00 2026-01-09T00:00 2026-01-13T00:00",
        "@hourly          | 2026-01-01T01:00 2026-01-01T02:00 2026-01-01T03:00",
        "@daily           | 2026-01-02T00:00 2026-01-03T00:00 2026-01-04T00:00",
        "@Midnight        | 2026-01-02T00:00 2026-01-03T00:00 2026-01-04T00:00",
        "@weekly          | 2026-01-04T00:00 2026-01-11T00:00 2026-01-18T00:00",
        "@monthly         | 2026-02-01T00:00 2026-03-01T00:00 2026-04-01T00:00",
        "@yearly          | 2027-01-01T00:00 2028-01-01T00:00 2029-01-01T00:00",
        "@annually        | 2027-01-01T00:00 2028-01-01T00:00 2029-01-01T00:00",
      })
  void tellsTheNextTimes(String expression, String times) {
    assertEquals(times, next(Cron.parse(expression, ZoneOffset.UTC), "2026-01-01T00:00:00Z", 3));
  }

  @Test
  void takesAnyWhiteSpace() {
    assertEquals(
        "2026-01-01T03:05",
        next(Cron.parse(" 5\t3  * * * ", ZoneOffset.UTC), "2026-01-01T00:00:00Z", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-01-01T00:04:59.999999999Z", "2026-01-01T00:00:00.000000001Z"})
  void isLaterThanTheInstantAskedFor(String after) {
    Cron cron = Cron.parse("*/5 * * * *", ZoneOffset.UTC);
    Instant five = Instant.parse("2026-01-01T00:05:00Z");
    assertEquals(Optional.of(five), cron.next(Instant.parse(after)));
    assertEquals(Optional.of(five.plusSeconds(300)), cron.next(five));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "* * 30-31 2 *"})
  void knowsThatATimeNeverComes(String expression) {
    assertEquals(Optional.empty(), Cron.parse(expression, BERLIN).next(Instant.EPOCH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b c d e",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "-1 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "*/100 * * * *",
        "1,, * * * *",
        "1|2 * * * *",
        "* * * * *||* * * * *",
        "0 0 L * *",
        "0 0 15W * *",
        "0 0 * * 1#2",
        "0 0 ? * 1",
        "99999999999999999999 * * * *",
        "\u0663 * * * *",
        "@reboot",
        "@",
        "@every 5m"
      })
  void saysWhatIsWrong(String expression) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Cron.parse(expression, BERLIN))
            .getMessage();
    assertTrue(message.startsWith("the cron expression "), message);
  }

  @Test
  void hasALongestExpression() {
    String list = "1,".repeat(Cron.MAX_LENGTH / 2) + "1 * * * *";
    assertEquals(
        "the cron expression has " + list.length() + " characters, at most 256 are allowed",
        assertThrows(IllegalArgumentException.class, () -> Cron.parse(list, BERLIN)).getMessage());
  }

  /** On 29 March 2026 the clocks go from 02:00 to 03:00, which is 01:00 UTC. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 * * *   | 2026-03-28T01:30 2026-03-29T01:00 2026-03-30T00:30",
        "0 2 * * *    | 2026-03-28T01:00 2026-03-29T01:00 2026-03-30T00:00",
        "0 3 * * *    | 2026-03-28T02:00 2026-03-29T01:00 2026-03-30T01:00",
        "0 1-4 29 3 * | 2026-03-29T00:00 2026-03-29T01:00 2026-03-29T02:00",
      })
  void aGivenTimeThatIsSkippedComesWhenTheClocksHaveGoneForward(String expression, String times) {
    assertEquals(times, next(Cron.parse(expression, BERLIN), "2026-03-27T12:00:00Z", 3));
  }

  /** On 25 October 2026 the clocks go from 03:00 back to 02:00, which is 01:00 UTC. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 * * *    | 2026-10-25T00:30 2026-10-26T01:30",
        "0 2 * * *     | 2026-10-25T00:00 2026-10-26T01:00",
        "0 3 * * *     | 2026-10-25T02:00 2026-10-26T02:00",
        "*/30 2 * * *  | 2026-10-25T00:00 2026-10-25T00:30 2026-10-26T01:00",
      })
  void aGivenTimeThatIsThereTwiceComesTheFirstTime(String expression, String times) {
    int many = times.split(" ").length;
    assertEquals(times, next(Cron.parse(expression, BERLIN), "2026-10-24T12:00:00Z", many));
  }

  @Test
  void theSecondOfTwoIsNotTakenForTheFirst() {
    Cron cron = Cron.parse("30 2 * * *", BERLIN);
    for (String after :
        List.of(
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:29:00Z",
            "2026-10-25T01:59:59.999Z")) {
      assertEquals(
          Optional.of(Instant.parse("2026-10-26T01:30:00Z")), cron.next(Instant.parse(after)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 * * * * | 2026-03-28T23:30:00Z | 2026-03-29T00:30 2026-03-29T01:30 2026-03-29T02:30",
        "30 * * * * | 2026-10-24T23:30:00Z | 2026-10-25T00:30 2026-10-25T01:30 2026-10-25T02:30",
        "@hourly    | 2026-10-24T23:30:00Z | 2026-10-25T00:00 2026-10-25T01:00 2026-10-25T02:00",
        "@hourly    | 2026-03-28T23:30:00Z | 2026-03-29T00:00 2026-03-29T01:00 2026-03-29T02:00",
        "0 * 1 1 *  | 2026-02-01T00:00:00Z | 2026-12-31T23:00 2027-01-01T00:00 2027-01-01T01:00",
        "0 * 1 7 *  | 2026-02-01T00:00:00Z | 2026-06-30T22:00 2026-06-30T23:00 2026-07-01T00:00",
      })
  void everyHourComesAsOftenAsTheClockShowsIt(String expression, String after, String times) {
    assertEquals(times, next(Cron.parse(expression, BERLIN), after, 3));
  }

  @Test
  void aDayThatWasSkippedIsMadeUpForWhenTheNextBegins() {
    // Samoa had no 30 December 2011: it changed sides of the date line.
    Cron cron = Cron.parse("0 12 * * *", ZoneId.of("Pacific/Apia"));
    assertEquals(
        "2011-12-29T22:00 2011-12-30T10:00 2011-12-30T22:00",
        next(cron, "2011-12-29T00:00:00Z", 3));
  }

  /** Held against an implementation that looks at every minute. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithALookAtEveryMinute(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 25; i++) {
      List<Integer> minutes = some(random, 0, 59);
      List<Integer> hours = some(random, 0, 23);
      List<Integer> months = some(random, 1, 12);
      Cron cron =
          Cron.parse(
              list(minutes) + " " + list(hours) + " * " + list(months) + " *", ZoneOffset.UTC);
      LocalDateTime after =
          LocalDateTime.of(2026, 1, 1, 0, 0).plusMinutes(random.nextInt(4 * 365 * 1_440));
      LocalDateTime expected = after.plusMinutes(1).truncatedTo(ChronoUnit.MINUTES);
      while (!minutes.contains(expected.getMinute())
          || !hours.contains(expected.getHour())
          || !months.contains(expected.getMonthValue())) {
        expected = expected.plusMinutes(1);
      }
      assertEquals(
          Optional.of(expected.toInstant(ZoneOffset.UTC)),
          cron.next(after.toInstant(ZoneOffset.UTC)),
          () -> minutes + " " + hours + " " + months + " after " + after);
    }
  }

  /** In any zone times go on, and each is what its own rule says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/St_Johns",
        "Asia/Kathmandu",
        "UTC"
      })
  void timesAlwaysGoOn(String zone) {
    for (String expression : List.of("*/10 * * * *", "15,45 1-3 * * *", "@daily", "0 */2 * * *")) {
      Cron cron = Cron.parse(expression, ZoneId.of(zone));
      Instant last = Instant.parse("2026-01-01T00:00:00Z");
      for (int i = 0; i < 1_000; i++) {
        Instant next = cron.next(last).orElseThrow();
        assertTrue(next.isAfter(last), expression + " after " + last);
        assertEquals(
            Optional.of(next),
            cron.next(next.minusNanos(1)),
            "it is the next also from just before it");
        last = next;
      }
    }
  }

  private static String next(Cron cron, String after, int many) {
    List<String> times = new ArrayList<>();
    Instant at = Instant.parse(after);
    for (int i = 0; i < many; i++) {
      at = cron.next(at).orElseThrow();
      times.add(at.toString().substring(0, 16));
    }
    return String.join(" ", times);
  }

  private static List<Integer> some(Random random, int from, int to) {
    return random.ints(1 + random.nextInt(3), from, to + 1).sorted().distinct().boxed().toList();
  }

  private static String list(List<Integer> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(","));
  }
}
