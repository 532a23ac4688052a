package dev.sluice.service;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a key is: 1 to N bytes of UTF-8, without control characters. */
public final class Keys {
  private Keys() {}

  /**
   * Says what is wrong with a key.
   *
   * @param key the key as it came
   * @param maxBytes the longest key, in bytes of UTF-8
   * @return what is wrong and what is allowed, or null if the key is good
   */
  public static @Nullable String complaint(@Nullable String key, int maxBytes) {
    if (key == null) {
      return "is required";
    }
    var bytes = 0;
    var index = 0;
    while (index < key.length()) {
      var c = key.codePointAt(index);
      if (Character.isISOControl(c)) {
        return at(index, c, "is a control character");
      }
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return at(index, c, "is half of a surrogate pair");
      }
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      index += Character.charCount(c);
    }
    return bytes == 0 || bytes > maxBytes
        ? String.format(Locale.ROOT, "must be 1 to %d bytes of UTF-8, but is %d", maxBytes, bytes)
        : null;
  }

  private static String at(int index, int c, String what) {
    return String.format(
        Locale.ROOT,
        "must not have control characters or broken UTF-16, but U+%04X at index %d %s",
        c,
        index,
        what);
  }
}
