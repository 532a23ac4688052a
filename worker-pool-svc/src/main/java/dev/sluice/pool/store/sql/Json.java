package dev.sluice.pool.store.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** JSON texts as they are stored: what is missing is null, durations are as in ISO 8601. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException never) { // a tree
      throw new IllegalStateException(never);
    }
  }

  /**
   * Reads a text.
   *
   * @throws IllegalStateException it is damaged
   */
  static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("what is stored is no JSON", damaged);
    }
  }

  static Duration duration(JsonNode node, String name) {
    return Duration.parse(node.path(name).asText());
  }

  static @Nullable String optional(JsonNode node, String name) {
    return node.hasNonNull(name) ? node.get(name).asText() : null;
  }
}
