package dev.sluice.pool.store.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.pool.model.Breaker;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Rate;
import org.jspecify.annotations.Nullable;

/** The settings of a queue as a text. */
final class SettingsJson {
  private SettingsJson() {}

  static String text(QueueSettings settings) {
    ObjectNode node =
        Json.object()
            .put("kind", settings.kind().name())
            .put("capacity", settings.capacity())
            .put("capacityBytes", settings.capacityBytes())
            .put("workers", settings.workers())
            .put("lease", settings.lease().toString())
            .put("hostWorkers", settings.hostWorkers())
            .put("secret", settings.secret())
            .put("retryClientErrors", settings.retryClientErrors())
            .put("idempotencyWindow", settings.idempotencyWindow().toString())
            .put("keepSucceeded", settings.keepSucceeded().toString())
            .put("keepFailed", settings.keepFailed().toString());
    node.set("terms", TermsJson.node(settings.terms()));
    put(node, "rate", settings.rate());
    put(node, "hostRate", settings.hostRate());
    Breaker breaker = settings.breaker();
    if (breaker != null) {
      node.putObject("breaker")
          .put("failures", breaker.failures())
          .put("open", breaker.open().toString());
    }
    return Json.text(node);
  }

  static QueueSettings settings(String text) {
    JsonNode node = Json.tree(text);
    return new QueueSettings(
        QueueSettings.Kind.valueOf(node.path("kind").asText()),
        node.path("capacity").asInt(),
        node.path("capacityBytes").asLong(),
        node.path("workers").asInt(),
        Json.duration(node, "lease"),
        TermsJson.terms(node.path("terms")),
        rate(node, "rate"),
        node.path("hostWorkers").asInt(),
        rate(node, "hostRate"),
        breaker(node),
        Json.optional(node, "secret"),
        node.path("retryClientErrors").asBoolean(),
        Json.duration(node, "idempotencyWindow"),
        Json.duration(node, "keepSucceeded"),
        Json.duration(node, "keepFailed"));
  }

  private static void put(ObjectNode node, String name, @Nullable Rate rate) {
    if (rate != null) {
      node.putObject(name)
          .put("limit", rate.limit())
          .put("per", rate.per().toString())
          .put("burst", rate.burst());
    }
  }

  private static @Nullable Rate rate(JsonNode node, String name) {
    JsonNode rate = node.path(name);
    return rate.isMissingNode()
        ? null
        : new Rate(
            rate.path("limit").asInt(), Json.duration(rate, "per"), rate.path("burst").asInt());
  }

  private static @Nullable Breaker breaker(JsonNode node) {
    JsonNode breaker = node.path("breaker");
    return breaker.isMissingNode()
        ? null
        : new Breaker(breaker.path("failures").asInt(), Json.duration(breaker, "open"));
  }
}
