package dev.sluice.service.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.List;
import java.util.Locale;

/**
 * Decodes strictly. Jackson's own decoder takes overlong forms and code points beyond U+10FFFF, so
 * that a byte sequence which other programs refuse or read otherwise would be a good key here.
 */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * Returns the text.
   *
   * <p>The JDK's constructor is fast and puts U+FFFD in place of what is malformed. So text without
   * one was good, and the rare text with one is decoded again: it may be the caller's own.
   *
   * @throws ProblemException invalid-input, with the first byte that is not UTF-8
   */
  static String decode(byte[] bytes) {
    var text = new String(bytes, UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      refuseMalformed(bytes);
    }
    return text;
  }

  private static void refuseMalformed(byte[] bytes) {
    var from = ByteBuffer.wrap(bytes);
    var result = UTF_8.newDecoder().decode(from, CharBuffer.allocate(bytes.length), true);
    if (result.isMalformed()) {
      var at = from.position();
      throw ProblemException.invalid(
          List.of(
              new FieldError(
                  JsonProblems.BODY,
                  null,
                  String.format(
                      Locale.ROOT, "is not UTF-8: byte 0x%02X at index %d", bytes[at], at))));
    }
  }
}
