package dev.sluice.service;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Durations as they stand in requests, answers and configuration: a whole number and a unit, such
 * as {@code "250ms"} or {@code "24h"}. Requests may use ISO-8601 ({@code "PT0.25S"}) too.
 *
 * <p>Exact to the nanosecond, never negative, and never longer than {@link #LONGEST}, so that
 * {@link Duration#toNanos()} of what was parsed cannot overflow.
 */
public final class Durations {
  /** The longest duration there is: as many nanoseconds as a {@code long} counts, 292 years. */
  public static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  /** What {@link #parse} takes, in words. */
  public static final String DESCRIPTION =
      "a whole number with a unit (ns, us, ms, s, m, h, d) such as \"250ms\","
          + " or ISO-8601 such as \"PT0.25S\"";

  private Durations() {}

  /**
   * Returns the duration that {@code text} stands for.
   *
   * @throws IllegalArgumentException if it is neither a whole number with a unit nor an ISO-8601
   *     duration, or negative, or longer than {@link #LONGEST}; the message quotes it and says what
   *     is allowed
   */
  public static Duration parse(String text) {
    var duration = isIso(text) ? parseIso(text) : parseUnit(text);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(Quoted.of(text) + " is negative, must be " + DESCRIPTION);
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw tooLong(text);
    }
    return duration;
  }

  /**
   * Returns the shortest text that {@link #parse} reads as this duration: {@code 90s}, {@code 1d}.
   * What {@code parse} would refuse has a text too.
   */
  public static String format(Duration duration) {
    if (duration.toSeconds() == Long.MIN_VALUE) {
      return duration.toString();
    }
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
      return formatSeconds(duration.toSeconds());
    }
    if (duration.compareTo(LONGEST) > 0) {
      return duration.toString();
    }
    return formatNanos(duration.toNanos());
  }

  private static boolean isIso(String text) {
    return text.startsWith("P") || text.startsWith("p") || text.startsWith("-P");
  }

  private static Duration parseIso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw notADuration(text, e);
    }
  }

  private static Duration parseUnit(String text) {
    var digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    if (digits == 0) {
      throw notADuration(text, null);
    }
    var nanosPerUnit =
        switch (text.substring(digits)) {
          case "ns" -> 1L;
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> throw notADuration(text, null);
        };
    try {
      return Duration.ofNanos(
          Math.multiplyExact(Long.parseLong(text, 0, digits, 10), nanosPerUnit));
    } catch (ArithmeticException | NumberFormatException e) {
      throw tooLong(text);
    }
  }

  private static String formatSeconds(long seconds) {
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static String formatNanos(long nanos) {
    if (nanos % 1_000_000 == 0) {
      return nanos / 1_000_000 + "ms";
    }
    return nanos % 1_000 == 0 ? nanos / 1_000 + "us" : nanos + "ns";
  }

  private static IllegalArgumentException notADuration(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        Quoted.of(text) + " is not a duration, must be " + DESCRIPTION, cause);
  }

  private static IllegalArgumentException tooLong(String text) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s is too long, at most %dd is allowed",
            Quoted.of(text),
            LONGEST.toDays()));
  }
}
