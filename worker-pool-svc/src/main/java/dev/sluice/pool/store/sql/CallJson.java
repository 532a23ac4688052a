package dev.sluice.pool.store.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.pool.model.Call;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The call of a job as a text. */
public final class CallJson {
  private CallJson() {}

  static @Nullable String text(@Nullable Call call) {
    return call == null ? null : Json.text(node(call));
  }

  /** Reads one; null of null. */
  public static @Nullable Call call(@Nullable String text) {
    return text == null ? null : call(Json.tree(text));
  }

  static ObjectNode node(Call call) {
    ObjectNode node = Json.object().put("method", call.method()).put("url", call.url().toString());
    ObjectNode headers = node.putObject("headers");
    call.headers().forEach(headers::put);
    return node;
  }

  static Call call(JsonNode node) {
    Map<String, String> headers = new LinkedHashMap<>();
    node.path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return new Call(node.path("method").asText(), URI.create(node.path("url").asText()), headers);
  }
}
