package dev.sluice.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private static final String GRIN = "\uD83D\uDE00";

  @ParameterizedTest
  @ValueSource(strings = {"a", "user:42", " ", "schl\u00fcssel", "\u9375", "a\u00a0b", GRIN})
  void textIsAKey(String key) {
    assertNull(Keys.complaint(key, 256));
  }

  @Test
  void lengthIsCountedInBytesOfUtf8() {
    assertNull(Keys.complaint("a".repeat(256), 256));
    assertEquals(tooLong(257), Keys.complaint("a".repeat(257), 256));
    assertNull(Keys.complaint("\u00fc".repeat(128), 256));
    assertEquals(tooLong(258), Keys.complaint("\u00fc".repeat(129), 256));
    assertEquals(tooLong(258), Keys.complaint("\u9375".repeat(86), 256));
    assertNull(Keys.complaint(GRIN.repeat(64), 256));
    assertEquals(tooLong(260), Keys.complaint(GRIN.repeat(65), 256));
    assertEquals(tooLong(0), Keys.complaint("", 256));
  }

  @Test
  void controlCharactersAreNamed() {
    assertEquals(broken("0000", 0, "is a control character"), Keys.complaint("\0", 256));
    assertEquals(broken("000A", 3, "is a control character"), Keys.complaint("abc\n", 256));
    assertEquals(broken("007F", 1, "is a control character"), Keys.complaint("a\u007f", 256));
    assertEquals(broken("0085", 1, "is a control character"), Keys.complaint("a\u0085", 256));
  }

  @Test
  void halvesOfSurrogatePairsAreNamed() {
    assertEquals(broken("D83D", 1, "is half of a surrogate pair"), Keys.complaint("a\uD83D", 256));
    assertEquals(broken("DE00", 0, "is half of a surrogate pair"), Keys.complaint("\uDE00a", 256));
  }

  @Test
  void noKeyIsNamed() {
    assertEquals("is required", Keys.complaint(null, 256));
  }

  private static String tooLong(int bytes) {
    return "must be 1 to 256 bytes of UTF-8, but is " + bytes;
  }

  private static String broken(String codePoint, int index, String what) {
    return "must not have control characters or broken UTF-16, but U+"
        + codePoint
        + " at index "
        + index
        + " "
        + what;
  }
}
