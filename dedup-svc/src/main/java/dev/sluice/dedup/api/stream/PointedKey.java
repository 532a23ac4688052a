package dev.sluice.dedup.api.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.sluice.dedup.api.stream.Lines.Line;
import dev.sluice.service.Keys;
import dev.sluice.service.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key is what a JSON pointer finds in the line. A string is its text; a number and a boolean
 * are their JSON text, so that 1 and "1" are the same key, and 1 and 1.0 are not. The whole line is
 * read, so that one which is not JSON is never taken for good.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901, JSON Pointer</a>
 */
final class PointedKey implements LineKey {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(100).maxNumberLength(100).build())
          .build();

  private final String pointer;
  private final List<String> path;
  private final int maxBytes;

  /**
   * @param pointer empty: the line is the scalar itself
   * @param maxBytes the longest key
   * @throws IllegalArgumentException it is no JSON pointer; the message says why
   */
  PointedKey(String pointer, int maxBytes) {
    this.pointer = pointer;
    this.path = path(pointer);
    this.maxBytes = maxBytes;
  }

  private static List<String> path(String pointer) {
    if (pointer.isEmpty()) {
      return List.of();
    }
    if (!pointer.startsWith("/")) {
      throw new IllegalArgumentException("must be a JSON pointer such as /id");
    }
    var path = new ArrayList<String>();
    for (String segment : pointer.substring(1).split("/", -1)) {
      if (segment.matches("(?s).*~(?![01]).*")) {
        throw new IllegalArgumentException(
            "must be a JSON pointer: after ~ only 0 and 1 may stand");
      }
      path.add(segment.replace("~1", "/").replace("~0", "~"));
    }
    return List.copyOf(path);
  }

  @Override
  public String of(Line line) throws BadLine {
    String key = find(line);
    if (key == null) {
      throw new BadLine("has nothing at " + Quoted.of(pointer));
    }
    String complaint = Keys.complaint(key, maxBytes);
    if (complaint != null) {
      throw new BadLine("has at " + Quoted.of(pointer) + " what is no key: it " + complaint);
    }
    return key;
  }

  private @Nullable String find(Line line) throws BadLine {
    requireUtf8(line);
    try (JsonParser json = JSON.createParser(line.bytes(), line.from(), line.length())) {
      if (json.nextToken() == null) {
        throw new BadLine("is not JSON: it is empty");
      }
      String key = value(json, 0);
      if (json.nextToken() != null) {
        throw new BadLine("is not one JSON value: more follows after it");
      }
      return key;
    } catch (JsonProcessingException broken) {
      throw new BadLine("is not JSON: " + said(broken));
    } catch (IOException impossible) {
      throw new IllegalStateException("bytes in memory can be read", impossible);
    }
  }

  private static String said(JsonProcessingException broken) {
    return String.valueOf(broken.getOriginalMessage()).lines().findFirst().orElse("");
  }

  /** The key within the value that the parser is at, which is so deep in the path. */
  private @Nullable String value(JsonParser json, int depth) throws IOException, BadLine {
    JsonToken token = json.currentToken();
    if (depth == path.size()) {
      return scalar(json, token);
    }
    return switch (token) {
      case START_OBJECT -> member(json, depth);
      case START_ARRAY -> element(json, depth);
      default -> null;
    };
  }

  private String scalar(JsonParser json, JsonToken token) throws IOException, BadLine {
    if (token == JsonToken.VALUE_NULL) {
      throw new BadLine("has null at " + Quoted.of(pointer));
    }
    if (!token.isScalarValue()) {
      throw new BadLine(
          "has "
              + (token == JsonToken.START_OBJECT ? "an object" : "an array")
              + " at "
              + Quoted.of(pointer)
              + ", must be a string, a number or a boolean");
    }
    return json.getText();
  }

  private @Nullable String member(JsonParser json, int depth) throws IOException, BadLine {
    String key = null;
    boolean found = false;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      if (!name.equals(path.get(depth))) {
        json.skipChildren();
      } else if (found) {
        throw new BadLine("has the member " + Quoted.of(name) + " twice");
      } else {
        found = true;
        key = value(json, depth + 1);
      }
    }
    return key;
  }

  private @Nullable String element(JsonParser json, int depth) throws IOException, BadLine {
    String key = null;
    int wanted = index(path.get(depth));
    for (int at = 0; json.nextToken() != JsonToken.END_ARRAY; at++) {
      if (at == wanted) {
        key = value(json, depth + 1);
      } else {
        json.skipChildren();
      }
    }
    return key;
  }

  /** The place in an array that a part of the pointer names; -1 when it names none. */
  private static int index(String segment) {
    return segment.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(segment) : -1;
  }

  /** Jackson takes overlong forms, so that one key could be written in two ways. */
  private static void requireUtf8(Line line) throws BadLine {
    for (int i = line.from(); i < line.to(); i++) {
      if (line.bytes()[i] < 0) {
        decode(line);
        return;
      }
    }
  }

  private static void decode(Line line) throws BadLine {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(line.bytes(), line.from(), line.length()));
    } catch (CharacterCodingException malformed) {
      throw new BadLine("is not UTF-8");
    }
  }
}
