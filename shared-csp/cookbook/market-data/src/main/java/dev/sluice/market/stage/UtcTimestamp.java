package dev.sluice.market.stage;

import java.time.LocalDate;
import java.time.YearMonth;

/** FIX's UTCTimestamp: {@code yyyyMMdd-HH:mm:ss}, with or without a point and up to 9 digits. */
final class UtcTimestamp {
  private static final int LENGTH = "yyyyMMdd-HH:mm:ss".length();
  private static final int MOST_DECIMALS = 9;

  private UtcTimestamp() {}

  /** {@return milliseconds since 1970, what is finer cut off; -1 when it is none or before 1970} */
  static long millis(byte[] text, int from, int to) {
    if (to - from < LENGTH
        || text[from + 8] != '-'
        || text[from + 11] != ':'
        || text[from + 14] != ':') {
      return -1;
    }
    int date = digits(text, from, 8);
    int hour = digits(text, from + 9, 2);
    int minute = digits(text, from + 12, 2);
    int second = digits(text, from + 15, 2);
    int fraction = fraction(text, from + LENGTH, to);
    if (!isDate(date)
        || Math.min(Math.min(hour, minute), Math.min(second, fraction)) < 0
        || hour > 23
        || minute > 59
        || second > 59) {
      return -1;
    }
    long day = LocalDate.of(date / 10_000, date / 100 % 100, date % 100).toEpochDay();
    return (((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + fraction;
  }

  private static boolean isDate(int date) {
    int year = date / 10_000;
    int month = date / 100 % 100;
    int day = date % 100;
    return year >= 1970
        && month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
  }

  private static int fraction(byte[] text, int from, int to) {
    if (from == to) {
      return 0;
    }
    int decimals = to - from - 1;
    if (text[from] != '.' || decimals < 1 || decimals > MOST_DECIMALS) {
      return -1;
    }
    int nanos = digits(text, from + 1, decimals);
    for (; nanos > 0 && decimals < MOST_DECIMALS; decimals++) {
      nanos *= 10;
    }
    return nanos < 0 ? -1 : nanos / 1_000_000;
  }

  private static int digits(byte[] text, int from, int many) {
    int number = 0;
    for (int i = from; i < from + many; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return -1;
      }
      number = 10 * number + text[i] - '0';
    }
    return number;
  }
}
