package dev.sluice.mesh.process;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The payload of an operation that takes a few named values: a flat JSON object of strings and
 * whole numbers, read strictly. Whatever is wrong is an {@link IllegalArgumentException} that names
 * the field, its value and what is allowed.
 */
final class Payload {
  private static final int QUOTED = 40;

  private final Map<String, Object> values;

  private Payload(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Reads it.
   *
   * @param fields those that there may be
   */
  static Payload read(String json, List<String> fields) {
    var values = new Reader(json).object();
    for (String field : values.keySet()) {
      if (!fields.contains(field)) {
        throw new IllegalArgumentException(
            "payload."
                + quoted(field)
                + " is unknown, must be one of "
                + String.join(", ", fields));
      }
    }
    return new Payload(values);
  }

  /**
   * A whole number.
   *
   * @param otherwise when it is not there; null: it has to be
   */
  long whole(String field, @Nullable Long otherwise, long min, long max) {
    String allowed = "must be a whole number from " + min + " to " + max;
    Object value = values.get(field);
    if (value == null && otherwise != null) {
      return otherwise;
    }
    if (!(value instanceof Long number) || number < min || number > max) {
      throw wrong(field, value, allowed);
    }
    return number;
  }

  /** A duration, which has to be there. */
  Duration duration(String field, DurationText text, Duration min, Duration max) {
    String allowed =
        "must be a duration from "
            + text.format().apply(min)
            + " to "
            + text.format().apply(max)
            + ", such as \"10s\"";
    Object value = values.get(field);
    if (!(value instanceof String written)) {
      throw wrong(field, value, allowed);
    }
    Duration duration;
    try {
      duration = text.parse().apply(written);
    } catch (IllegalArgumentException _) {
      throw wrong(field, value, allowed);
    }
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw wrong(field, value, allowed);
    }
    return duration;
  }

  private static IllegalArgumentException wrong(
      String field, @Nullable Object value, String allowed) {
    String is =
        switch (value) {
          case null -> "missing";
          case String text -> '"' + quoted(text) + '"';
          default -> value.toString();
        };
    return new IllegalArgumentException("payload." + field + " is " + is + ", " + allowed);
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder();
    text.codePoints()
        .limit(QUOTED)
        .forEach(each -> quoted.appendCodePoint(Character.isISOControl(each) ? '?' : each));
    return text.codePointCount(0, text.length()) > QUOTED ? quoted + "..." : quoted.toString();
  }

  /** Reads flat objects, and nothing else. */
  private static final class Reader {
    private final String json;
    private int at;

    Reader(String json) {
      this.json = json;
    }

    Map<String, Object> object() {
      var values = new HashMap<String, Object>();
      expect('{');
      if (!isNext('}')) {
        do {
          String field = string();
          expect(':');
          if (values.put(field, value(field)) != null) {
            throw new IllegalArgumentException("payload." + quoted(field) + " is there twice");
          }
        } while (isNext(','));
        expect('}');
      }
      skipSpace();
      if (at < json.length()) {
        throw notAnObject();
      }
      return values;
    }

    private Object value(String field) {
      skipSpace();
      char first = peek();
      if (first == '"') {
        return string();
      }
      if (first == '-' || (first >= '0' && first <= '9')) {
        return number(field);
      }
      throw new IllegalArgumentException(
          "payload." + quoted(field) + " must be a string or a whole number");
    }

    private Long number(String field) {
      int start = at;
      while ("+-.eE0123456789".indexOf(peek()) >= 0) {
        at++;
      }
      String number = json.substring(start, at);
      if (!number.matches("-?(0|[1-9][0-9]{0,17})")) {
        throw new IllegalArgumentException(
            "payload."
                + quoted(field)
                + " is "
                + quoted(number)
                + ", must be a whole number of at most 18 digits");
      }
      return Long.valueOf(number);
    }

    private String string() {
      expect('"');
      var text = new StringBuilder();
      for (char next = take(); next != '"'; next = take()) {
        if (next < ' ') {
          throw notAnObject();
        }
        text.append(next == '\\' ? escaped() : next);
      }
      return text.toString();
    }

    private char escaped() {
      char escape = take();
      return switch (escape) {
        case '"', '\\', '/' -> escape;
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'u' -> hex();
        default -> throw notAnObject();
      };
    }

    private char hex() {
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int digit = Character.digit(take(), 16);
        if (digit < 0) {
          throw notAnObject();
        }
        code = code * 16 + digit;
      }
      return (char) code;
    }

    private void expect(char wanted) {
      if (!isNext(wanted)) {
        throw notAnObject();
      }
    }

    private boolean isNext(char wanted) {
      skipSpace();
      if (peek() == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void skipSpace() {
      while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
        at++;
      }
    }

    /** The next character; NUL at the end, which no JSON has. */
    private char peek() {
      return at < json.length() ? json.charAt(at) : '\0';
    }

    private char take() {
      char next = peek();
      at++;
      return next;
    }

    private static IllegalArgumentException notAnObject() {
      return new IllegalArgumentException(
          "payload must be a JSON object of strings and whole numbers");
    }
  }
}
