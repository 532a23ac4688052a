package dev.sluice.market.edge;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250us}, {@code 10ms}, {@code 1.5s}, {@code 2m}. */
public final class DurationText {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(us|ms|s|m)");

  private DurationText() {}

  /**
   * Reads one.
   *
   * @param text as above
   * @return the duration
   * @throws IllegalArgumentException says what is allowed
   */
  public static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration, which is a number and us, ms, s or m: 10ms");
    }
    long unit =
        switch (matcher.group(2)) {
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          default -> 60_000_000_000L;
        };
    return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * unit));
  }

  /** {@return nanoseconds with three digits or so, in the unit that suits} */
  public static String of(long nanos) {
    if (nanos >= 10_000_000_000L) {
      return "%.0f s".formatted(nanos / 1e9);
    }
    if (nanos >= 1_000_000_000L) {
      return "%.2f s".formatted(nanos / 1e9);
    }
    if (nanos >= 10_000_000) {
      return "%.0f ms".formatted(nanos / 1e6);
    }
    return nanos >= 1_000_000 ? "%.1f ms".formatted(nanos / 1e6) : "%d us".formatted(nanos / 1_000);
  }
}
