package dev.sluice.pool.store.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Terms;

/** Terms as a part of a text. */
final class TermsJson {
  private TermsJson() {}

  static ObjectNode node(Terms terms) {
    ObjectNode node =
        Json.object().put("attempts", terms.attempts()).put("timeout", terms.timeout().toString());
    Backoff backoff = terms.backoff();
    node.putObject("backoff")
        .put("initial", backoff.initial().toString())
        .put("factor", backoff.factor())
        .put("max", backoff.max().toString())
        .put("jitter", backoff.jitter());
    return node;
  }

  static Terms terms(JsonNode node) {
    JsonNode backoff = node.path("backoff");
    return new Terms(
        node.path("attempts").asInt(),
        Json.duration(node, "timeout"),
        new Backoff(
            Json.duration(backoff, "initial"),
            backoff.path("factor").asDouble(),
            Json.duration(backoff, "max"),
            backoff.path("jitter").asDouble()));
  }
}
