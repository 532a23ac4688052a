package dev.sluice.market.stage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.market.model.RawTick;
import dev.sluice.market.model.Tick;
import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes one schema of three formats, told by the line itself; owned by one process.
 *
 * <ul>
 *   <li>CSV: {@code SYMBOL,PRICE[,SIZE[,TIME]]}
 *   <li>JSON: {@code {"symbol":"ACME","price":12.5,"size":100,"time":1767225600000}}, each member
 *       at most once, others none
 *   <li>FIX, tag=value with SOH or {@code |} between: 55 symbol, 44 price, 38 size, 60 time; these
 *       at most once, other tags are skipped. 60 is milliseconds or FIX's UTCTimestamp, {@code
 *       20260101-09:30:00[.123]}, whose second is at most 59. A line that begins with a digit and
 *       has {@code =} before any comma is taken for it.
 * </ul>
 *
 * <p>A symbol has 1 to 16 of {@code A-Z 0-9 . - / _}. A price has a sign or none, 1 to 10 digits
 * and up to 8 after a point, no exponent. A size, 0 when it is not given, is a whole number to
 * {@link #MAX_SIZE}. A time is in milliseconds since 1970, to {@link #MAX_TIME}. A line of more
 * than {@link #MAX_LINE} bytes, and anything else, is garbage; and so is a good one of a new symbol
 * when 10,000 are known.
 */
public final class LineParser {
  /** The longest line, in bytes. */
  public static final int MAX_LINE = 1_024;

  /** The largest size. */
  public static final long MAX_SIZE = 1_000_000_000_000L;

  /** The end of the year 9999. */
  public static final long MAX_TIME = 253_402_300_799_999L;

  private static final int DECIMALS = 8;
  private static final int WHOLE_DIGITS = 10;

  /** What a number of so many decimals is multiplied by to be a price. */
  private static final long[] SCALES = {
    100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1
  };

  private static final byte SOH = 1;

  /** Names of members are not interned: strangers choose them. */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /** The longest symbol, and more than the longest number. */
  private static final int LONGEST_VALUE = 20;

  private final Symbols symbols = new Symbols(new SplittableRandom());
  private final byte[] value = new byte[LONGEST_VALUE];

  // Of the line that is being read.
  private byte[] line = {};
  private @Nullable String symbol;
  private long price;
  private long size;
  private long time;
  private boolean isPriced;
  private boolean isSized;
  private boolean isTimed;

  /** A parser that has seen no symbol. */
  public LineParser() {}

  /**
   * Reads a line.
   *
   * @param raw the line
   * @return the tick, or null when the line is garbage
   */
  public @Nullable Tick parse(RawTick raw) {
    line = raw.line();
    symbol = null;
    size = 0;
    time = Tick.NO_TIME;
    isPriced = false;
    isSized = false;
    isTimed = false;
    if (line.length == 0 || line.length > MAX_LINE || !read() || symbol == null || !isPriced) {
      return null;
    }
    return new Tick(raw.source(), symbol, price, size, time, raw.born());
  }

  private boolean read() {
    if (line[0] == '{') {
      return readJson();
    }
    return isFix() ? readFix() : readCsv();
  }

  private boolean isFix() {
    int i = 0;
    while (i < line.length && isDigit(line[i])) {
      i++;
    }
    return i > 0 && i < line.length && line[i] == '=';
  }

  private boolean readCsv() {
    int first = find((byte) ',', 0);
    int second = find((byte) ',', first + 1);
    int third = find((byte) ',', second + 1);
    return first < line.length
        && readPrice(line, first + 1, second)
        && (second == line.length || readSize(line, second + 1, third))
        && (third == line.length || readTime(line, third + 1, line.length))
        && readSymbol(line, 0, first);
  }

  private boolean readFix() {
    int from = 0;
    while (from < line.length) {
      int equals = find((byte) '=', from);
      if (equals == line.length) {
        return false;
      }
      int end = equals + 1;
      while (end < line.length && line[end] != SOH && line[end] != '|') {
        end++;
      }
      if (!readTag(from, equals, end)) {
        return false;
      }
      from = end + 1;
    }
    return true;
  }

  private boolean readTag(int from, int equals, int end) {
    if (from == equals) {
      return false;
    }
    int tag = 0;
    for (int i = from; i < equals; i++) {
      if (!isDigit(line[i]) || i - from > 5) {
        return false;
      }
      tag = 10 * tag + line[i] - '0';
    }
    return switch (tag) {
      case 55 -> readSymbol(line, equals + 1, end);
      case 44 -> readPrice(line, equals + 1, end);
      case 38 -> readSize(line, equals + 1, end);
      case 60 -> readTime(line, equals + 1, end) || readTimestamp(equals + 1, end);
      default -> true;
    };
  }

  private boolean readTimestamp(int from, int to) {
    return setTime(UtcTimestamp.millis(line, from, to));
  }

  private boolean readJson() {
    try (JsonParser json = JSON.createParser(line)) {
      json.nextToken(); // the brace
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        if (!readMember(json, json.currentName(), json.nextToken())) {
          return false;
        }
      }
      return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
    } catch (IOException wrong) {
      return false;
    }
  }

  private boolean readMember(JsonParser json, String name, JsonToken token) throws IOException {
    boolean isText = token == JsonToken.VALUE_STRING;
    boolean isWhole = token == JsonToken.VALUE_NUMBER_INT;
    boolean isNumber = isWhole || token == JsonToken.VALUE_NUMBER_FLOAT;
    return switch (name) {
      case "symbol" -> isText && take(json) && readSymbol(value, 0, json.getTextLength());
      case "price" -> isNumber && take(json) && readPrice(value, 0, json.getTextLength());
      case "size" -> isWhole && take(json) && readSize(value, 0, json.getTextLength());
      case "time" -> isWhole && take(json) && readTime(value, 0, json.getTextLength());
      default -> false;
    };
  }

  /**
   * The text of a member's value, to be read as in the other formats. As a number it could have an
   * exponent of a billion.
   */
  private boolean take(JsonParser json) throws IOException {
    int length = json.getTextLength();
    if (length > value.length) {
      return false;
    }
    char[] text = json.getTextCharacters();
    int offset = json.getTextOffset();
    for (int i = 0; i < length; i++) {
      char each = text[offset + i];
      if (each >= 128) {
        return false;
      }
      value[i] = (byte) each;
    }
    return true;
  }

  private boolean readSymbol(byte[] text, int from, int to) {
    if (symbol != null) {
      return false;
    }
    symbol = symbols.find(text, from, to);
    return symbol != null;
  }

  /** Digit by digit: a million a second are read here. */
  private boolean readPrice(byte[] text, int from, int to) {
    int i = from;
    boolean isNegative = i < to && text[i] == '-';
    if (isNegative || (i < to && text[i] == '+')) {
      i++;
    }
    int begin = i;
    long number = 0;
    for (; i < to && isDigit(text[i]); i++) {
      if (i - begin == WHOLE_DIGITS) {
        return false;
      }
      number = 10 * number + text[i] - '0';
    }
    if (i == begin) {
      return false;
    }
    int decimals = 0;
    if (i < to && text[i] == '.') {
      for (i++; i < to && isDigit(text[i]); i++, decimals++) {
        if (decimals == DECIMALS) {
          return false;
        }
        number = 10 * number + text[i] - '0';
      }
      if (decimals == 0) {
        return false;
      }
    }
    return i == to && setPrice(isNegative ? -number : number, decimals);
  }

  private boolean setPrice(long number, int decimals) {
    boolean isFirst = !isPriced;
    isPriced = true;
    price = number * SCALES[decimals];
    return isFirst;
  }

  private boolean readSize(byte[] text, int from, int to) {
    boolean isFirst = !isSized;
    isSized = true;
    size = number(text, from, to);
    return isFirst && size >= 0 && size <= MAX_SIZE;
  }

  private boolean readTime(byte[] text, int from, int to) {
    return setTime(number(text, from, to));
  }

  private boolean setTime(long millis) {
    if (isTimed || millis < 0 || millis > MAX_TIME) {
      return false;
    }
    isTimed = true;
    time = millis;
    return true;
  }

  /** A whole number of 1 to 15 digits; -1 when it is none. */
  private static long number(byte[] text, int from, int to) {
    if (from >= to || to - from > 15) {
      return -1;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text[i])) {
        return -1;
      }
      number = 10 * number + text[i] - '0';
    }
    return number;
  }

  /** Where the byte comes next; the end of the line when it does not. */
  private int find(byte what, int from) {
    for (int i = from; i < line.length; i++) {
      if (line[i] == what) {
        return i;
      }
    }
    return line.length;
  }

  private static boolean isDigit(byte each) {
    return each >= '0' && each <= '9';
  }
}
