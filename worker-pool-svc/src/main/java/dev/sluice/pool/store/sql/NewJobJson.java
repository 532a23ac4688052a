package dev.sluice.pool.store.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.pool.model.Debounce;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The job of a schedule as a text. */
final class NewJobJson {
  private NewJobJson() {}

  static String text(NewJob job) {
    ObjectNode node =
        Json.object()
            .put("queue", job.queue())
            .put("form", job.payload().form().name())
            .put("payload", Base64.getEncoder().encodeToString(job.payload().bytes()))
            .put("priority", job.priority().name())
            .put("delay", job.delay().toString())
            .put("notBefore", text(job.notBefore()))
            .put("deadline", text(job.deadline()))
            .put("idempotencyKey", job.idempotencyKey())
            .put("group", job.group());
    node.set("terms", TermsJson.node(job.terms()));
    if (job.call() != null) {
      node.set("call", CallJson.node(job.call()));
    }
    Debounce debounce = job.debounce();
    if (debounce != null) {
      node.putObject("debounce")
          .put("key", debounce.key())
          .put("quiet", debounce.quiet().toString())
          .put("max", debounce.max().toString());
    }
    return Json.text(node);
  }

  static NewJob job(String text) {
    JsonNode node = Json.tree(text);
    return new NewJob(
        node.path("queue").asText(),
        new Payload(
            Payload.Form.valueOf(node.path("form").asText()),
            Base64.getDecoder().decode(node.path("payload").asText())),
        node.has("call") ? CallJson.call(node.path("call")) : null,
        NewJob.Priority.valueOf(node.path("priority").asText()),
        Json.duration(node, "delay"),
        instant(node, "notBefore"),
        instant(node, "deadline"),
        TermsJson.terms(node.path("terms")),
        Json.optional(node, "idempotencyKey"),
        Json.optional(node, "group"),
        debounce(node.path("debounce")));
  }

  private static @Nullable Debounce debounce(JsonNode node) {
    return node.isMissingNode()
        ? null
        : new Debounce(
            node.path("key").asText(), Json.duration(node, "quiet"), Json.duration(node, "max"));
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static @Nullable Instant instant(JsonNode node, String name) {
    String text = Json.optional(node, name);
    return text == null ? null : Instant.parse(text);
  }
}
