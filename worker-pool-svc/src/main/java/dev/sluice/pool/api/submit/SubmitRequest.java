package dev.sluice.pool.api.submit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.service.json.JsonText;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a job. What is not said is as the queue's settings say.
 *
 * @param queue where it waits; default {@code push} for those with a target, else {@code default}
 * @param payload what its worker gets, any JSON
 * @param payloadBase64 the same as bytes, instead
 * @param target what a push queue calls
 * @param priority {@code high} or {@code normal}
 * @param delay how long it is not to begin
 * @param notBefore when it may begin
 * @param timeout how long one call may take
 * @param deadline when it is given up
 * @param attempts how many times it is tried at most
 * @param backoff how long to wait after a failed attempt
 * @param idempotencyKey submits with the same one are one job
 * @param group jobs of a group run one after another, in order
 * @param debounce several submits become one job
 * @param maxWait how long to wait for room in the queue; default not at all
 */
@Schema(name = "SubmitRequest")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubmitRequest(
    @Schema(description = "1 to 100 of A-Z, a-z, 0-9, '.', '_', '-'", examples = "emails")
        @Nullable String queue,
    @Schema(implementation = Object.class, description = "Any JSON") @Nullable JsonText payload,
    @Schema(implementation = String.class, description = "Bytes, instead of payload")
        @Nullable Base64Bytes payloadBase64,
    @Nullable Target target,
    @Schema(
            enumeration = {"high", "normal"},
            defaultValue = "normal")
        @Nullable String priority,
    @Schema(implementation = String.class, examples = "10s") @Nullable Duration delay,
    @Schema(examples = "2026-01-31T12:00:00Z") @Nullable String notBefore,
    @Schema(implementation = String.class, description = "1ms to 10m", examples = "2s")
        @Nullable Duration timeout,
    @Schema(examples = "2026-01-31T12:30:00Z") @Nullable String deadline,
    @Schema(description = "1 to 100") @Nullable Integer attempts,
    @Nullable BackoffBody backoff,
    @Schema(examples = "order-7") @Nullable String idempotencyKey,
    @Schema(examples = "customer-42") @Nullable String group,
    @Nullable DebounceBody debounce,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "250ms")
        @Nullable Duration maxWait) {

  /**
   * The HTTP request to make.
   *
   * @param method one of {@link CheckedTarget#METHODS}; default POST
   * @param url absolute, http or https, with a host
   * @param headers by name
   * @param body any JSON; null for none, or the job's payload
   * @param bodyBase64 the same as bytes, instead
   */
  @Schema(name = "Target")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Target(
      @Schema(defaultValue = "POST", examples = "POST") @Nullable String method,
      @Schema(required = true, examples = "https://example.org/hook") @Nullable String url,
      @Nullable Map<String, @Nullable String> headers,
      @Schema(implementation = Object.class, description = "Any JSON") @Nullable JsonText body,
      @Schema(implementation = String.class, description = "Bytes, instead of body")
          @Nullable Base64Bytes bodyBase64) {}

  /**
   * Several submits become one job.
   *
   * @param key which belong together, within a queue
   * @param quiet how long it waits after the last
   * @param max how long it waits after the first at most; default ten times as long
   */
  @Schema(name = "Debounce")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DebounceBody(
      @Schema(required = true, examples = "report-7") @Nullable String key,
      @Schema(implementation = String.class, required = true, examples = "500ms")
          @Nullable Duration quiet,
      @Schema(implementation = String.class, examples = "10s") @Nullable Duration max) {}
}
