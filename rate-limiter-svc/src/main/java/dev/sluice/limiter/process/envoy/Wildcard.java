package dev.sluice.limiter.process.envoy;

import java.util.List;

/** A pattern in which each {@code *} stands for any characters, none included. */
final class Wildcard {
  private final String pattern;

  /** What stands between the asterisks; at least two. */
  private final List<String> parts;

  /**
   * @param pattern with at least one asterisk
   */
  Wildcard(String pattern) {
    this.pattern = pattern;
    this.parts = List.of(pattern.split("\\*", -1));
  }

  String pattern() {
    return pattern;
  }

  boolean matches(String text) {
    String first = parts.getFirst();
    String last = parts.getLast();
    int end = text.length() - last.length();
    if (first.length() > end || !text.startsWith(first) || !text.endsWith(last)) {
      return false;
    }
    // Each part in between where it comes first: what is left for the others is then the longest.
    int from = first.length();
    for (String part : parts.subList(1, parts.size() - 1)) {
      int at = text.indexOf(part, from);
      if (at < 0 || at + part.length() > end) {
        return false;
      }
      from = at + part.length();
    }
    return true;
  }
}
