package dev.sluice.service.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.service.ProblemException;
import java.io.IOException;

/**
 * Halves of surrogate pairs in JSON strings. JSON's grammar allows {@code "\ud800"}, but it is no
 * Unicode text: no encoding has bytes for it, so that whoever writes it writes something else, or
 * fails.
 *
 * <p>In text that was decoded strictly only an escape can make one, and hardly any request has such
 * an escape. So all others cost one search for a backslash, and these are parsed twice.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-8.2">RFC 8259, 8.2</a>
 */
final class UnpairedSurrogates {
  private UnpairedSurrogates() {}

  /** Whether there is an escape of a surrogate. */
  static boolean maybeIn(String json) {
    for (var at = json.indexOf("\\u"); at >= 0; at = json.indexOf("\\u", at + 2)) {
      if (at + 2 < json.length() && (json.charAt(at + 2) | 0x20) == 'd') {
        return true;
      }
    }
    return false;
  }

  /**
   * Looks through all names and strings. What is not JSON is left to be found by who reads it.
   *
   * @param whole what the whole of it is called
   * @throws ProblemException invalid-input, with the field
   */
  static void refuse(ObjectMapper mapper, String whole, String json) throws IOException {
    try (var parser = mapper.createParser(json)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        refuse(parser, token, whole);
      }
    } catch (JsonProcessingException e) {
      return;
    }
  }

  private static void refuse(JsonParser parser, JsonToken token, String whole) throws IOException {
    if (token != JsonToken.VALUE_STRING && token != JsonToken.FIELD_NAME) {
      return;
    }
    var text = parser.getText();
    if (isPaired(text)) {
      return;
    }
    var isName = token == JsonToken.FIELD_NAME;
    var at = path(isName ? parser.getParsingContext().getParent() : parser.getParsingContext());
    var root = whole.equals(JsonProblems.BODY) && !at.isEmpty() ? "" : whole;
    throw ProblemException.invalid(
        root.isEmpty() || at.isEmpty() || at.startsWith("[") ? root + at : root + "." + at,
        text,
        (isName ? "a field's name " : "") + "must not have half of a surrogate pair");
  }

  /** UTF-8's encoder would do, but allocates. */
  private static boolean isPaired(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  private static String path(JsonStreamContext context) {
    if (context == null || context.inRoot()) {
      return "";
    }
    var parent = path(context.getParent());
    if (context.inArray()) {
      return parent + "[" + context.getCurrentIndex() + "]";
    }
    var name = JsonProblems.shortened(String.valueOf(context.getCurrentName()));
    return parent.isEmpty() ? name : parent + "." + name;
  }
}
