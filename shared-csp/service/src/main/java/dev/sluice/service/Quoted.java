package dev.sluice.service;

import java.time.Duration;
import java.util.Locale;

/** Values as they may be quoted in an error: short, on one line, and strings in quotation marks. */
public final class Quoted {
  private static final int LONGEST = 64;

  private Quoted() {}

  /**
   * Returns the value in a form that is safe to quote: at most about 64 characters, all printable.
   */
  public static String of(Object value) {
    var text = value instanceof Duration d ? Durations.format(d) : value.toString();
    var shown = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(c -> appendPrintable(shown, c));
    var whole = text.codePointCount(0, text.length()) <= LONGEST;
    var dots = whole ? "" : "...";
    return value instanceof CharSequence ? "\"" + shown + "\"" + dots : shown + dots;
  }

  private static void appendPrintable(StringBuilder to, int c) {
    if (Character.isISOControl(c) || isSurrogate(c) || Character.getType(c) == Character.FORMAT) {
      to.append(String.format(Locale.ROOT, "\\u%04X", c));
    } else {
      to.appendCodePoint(c);
    }
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
