package dev.sluice.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One arrival of a webhook: a line of the recording. A redelivered webhook is another line with the
 * same {@code id} and the same content, only {@code at} differs.
 *
 * @param at when it arrived, in milliseconds after the first moment of the recording
 * @param id the sender's id of the event: what makes two arrivals the same
 * @param sender the shop that sends it: what its limit counts by
 * @param type what happened, as in {@code payment.captured}
 * @param created when it happened, RFC 3339 in UTC
 * @param path where the target wants it; the first segment says how the target behaves there, see
 *     {@link Target}
 * @param account the account whose events must be seen in order, or null when the order does not
 *     matter
 * @param data the event's own content
 */
@JsonPropertyOrder({"at", "id", "sender", "type", "created", "path", "account", "data"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Webhook(
    @JsonProperty(required = true) long at,
    @JsonProperty(required = true) String id,
    @JsonProperty(required = true) String sender,
    @JsonProperty(required = true) String type,
    @JsonProperty(required = true) String created,
    @JsonProperty(required = true) String path,
    @Nullable String account,
    @JsonProperty(required = true) JsonNode data) {

  /** The same event, delivered once more, {@code later} milliseconds after this arrival. */
  Webhook again(long later) {
    return new Webhook(at + later, id, sender, type, created, path, account, data);
  }
}
