package dev.sluice.pool.process.push;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the header {@code Retry-After}: seconds, or a date in one of the three forms that HTTP
 * knows.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, 10.2.3 and
 *     5.6.7</a>
 */
final class RetryAfter {
  private static final int MOST_DIGITS = 9; // 31 years, and an int

  private RetryAfter() {}

  /**
   * How long the target wants to be left alone from now on.
   *
   * @return zero for a date that has passed; empty when the value is neither
   */
  static Optional<Duration> parse(String value, Instant now) {
    String text = value.strip();
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of(
          Duration.ofSeconds(
              text.length() <= MOST_DIGITS ? Long.parseLong(text) : Integer.MAX_VALUE));
    }
    return date(text, now)
        .map(at -> Duration.between(now, at))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  private static Optional<Instant> date(String text, Instant now) {
    for (DateTimeFormatter form : forms(now)) {
      try {
        return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
      } catch (DateTimeException notThisForm) {
        continue;
      }
    }
    return Optional.empty();
  }

  /** IMF-fixdate, RFC 850 (a year of two digits is at most 50 years ahead) and asctime. */
  private static List<DateTimeFormatter> forms(Instant now) {
    int oldestYear = now.atOffset(ZoneOffset.UTC).getYear() - 49;
    return List.of(
        form("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
        new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, oldestYear)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH),
        form("EEE MMM ppd HH:mm:ss yyyy"));
  }

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }
}
