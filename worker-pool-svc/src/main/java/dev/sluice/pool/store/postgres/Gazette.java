package dev.sluice.pool.store.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.pool.store.JobStore.News;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * News as they are notified: JSON of less than 8,000 bytes.
 *
 * <pre>
 *   {"from":"...","ready":["q"],"room":["q"],"finished":["base64 of an id"],"queues":true}
 * </pre>
 *
 * <p>What does not fit into one goes into several, and if these were too many, they are replaced by
 * {@code "everything":true}.
 */
final class Gazette {
  /** The channel. */
  static final String CHANNEL = "sluice_news";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_TEXTS = 4;
  private static final int IDS_A_TEXT = 250; // 25 bytes each
  private static final int QUEUE_BYTES = 1_400; // what is left beside them

  private final String from;
  private final News news;

  /**
   * Of an instance.
   *
   * @param from which
   * @param news what it has done
   */
  Gazette(String from, News news) {
    this.from = from;
    this.news = news;
  }

  String from() {
    return from;
  }

  News news() {
    return news;
  }

  /** Nothing but one thing. */
  static News everything() {
    return new News(Set.of(), Set.of(), Set.of(), false, true);
  }

  /** The texts to notify; none when there is nothing to tell. */
  List<String> texts() {
    if (isEmpty()) {
      return List.of();
    }
    var texts = new ArrayList<String>();
    Iterator<UUID> ids = news.finished().iterator();
    do {
      if (texts.size() == MAX_TEXTS) {
        return List.of(everythingText());
      }
      ObjectNode node = MAPPER.createObjectNode().put("from", from);
      if (texts.isEmpty()) {
        put(node, "ready", news.ready());
        put(node, "room", news.room());
        if (news.queues()) {
          node.put("queues", true);
        }
        if (news.everything() || text(node).getBytes(StandardCharsets.UTF_8).length > QUEUE_BYTES) {
          return List.of(everythingText());
        }
      }
      putIds(node, ids);
      texts.add(text(node));
    } while (ids.hasNext());
    return texts;
  }

  /** Reads a text; null when it is none of these. */
  static @Nullable Gazette parse(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (!node.isObject()) {
        return null;
      }
      var finished = new HashSet<UUID>();
      for (JsonNode id : node.path("finished")) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(id.asText()));
        finished.add(new UUID(bytes.getLong(), bytes.getLong()));
      }
      return new Gazette(
          node.path("from").asText(),
          new News(
              names(node.path("ready")),
              names(node.path("room")),
              finished,
              node.path("queues").asBoolean(),
              node.path("everything").asBoolean()));
    } catch (JsonProcessingException | IllegalArgumentException | BufferUnderflowException other) {
      return null;
    }
  }

  private boolean isEmpty() {
    return news.ready().isEmpty()
        && news.room().isEmpty()
        && news.finished().isEmpty()
        && !news.queues()
        && !news.everything();
  }

  private String everythingText() {
    return text(MAPPER.createObjectNode().put("from", from).put("everything", true));
  }

  private static void put(ObjectNode node, String name, Set<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = node.putArray(name);
      values.forEach(array::add);
    }
  }

  private static void putIds(ObjectNode node, Iterator<UUID> ids) {
    if (ids.hasNext()) {
      ArrayNode array = node.putArray("finished");
      for (int i = 0; i < IDS_A_TEXT && ids.hasNext(); i++) {
        UUID id = ids.next();
        array.add(
            Base64.getEncoder()
                .withoutPadding()
                .encodeToString(
                    ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array()));
      }
    }
  }

  private static Set<String> names(JsonNode array) {
    var names = new HashSet<String>();
    array.forEach(name -> names.add(name.asText()));
    return names;
  }

  private static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException never) { // a tree
      throw new IllegalStateException(never);
    }
  }
}
