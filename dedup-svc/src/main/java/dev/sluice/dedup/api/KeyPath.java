package dev.sluice.dedup.api;

import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A path that names a key. Servers take steps, empty segments, parameters and bytes that are not
 * UTF-8 out of paths or replace them, and then another key would be named than the one that was
 * meant.
 */
final class KeyPath {
  private static final Pattern CHANGED = Pattern.compile(";|//|/\\.{1,2}(/|$)|/$");
  private static final char REPLACED = '\uFFFD';

  private KeyPath() {}

  /**
   * Lets through what names what it says.
   *
   * @param path as it came
   * @throws ProblemException invalid-input
   */
  static void requirePlain(String path, String namespace, String key) {
    if (CHANGED.matcher(path).find()) {
      throw invalid(
          "must not have ';', empty segments, '.' or '..' that are not percent-encoded; or use"
              + " POST /dedup/forget");
    }
    if (namespace.indexOf(REPLACED) >= 0 || key.indexOf(REPLACED) >= 0) {
      throw invalid("must be percent-encoded UTF-8; or use POST /dedup/forget");
    }
  }

  private static ProblemException invalid(String message) {
    return ProblemException.invalid(List.of(new FieldError("path", null, message)));
  }
}
