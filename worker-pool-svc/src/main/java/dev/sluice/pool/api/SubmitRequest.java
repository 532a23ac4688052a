package dev.sluice.pool.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.service.DurationRange;
import dev.sluice.service.json.JsonText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a job: a call to be made until it succeeds, at most so many times.
 *
 * @param target what to call
 * @param attempts how many times at most; default 3
 * @param timeout how long one attempt may take; default 10s
 * @param backoff how long to wait after the first failed attempt, twice as long after each further
 *     one; default 1s
 * @param maxWait how long to wait for room in the queue; default not at all
 */
@Schema(name = "SubmitRequest")
public record SubmitRequest(
    @NotNull @Valid Target target,
    @Min(1) @Max(100) @Schema(defaultValue = "3") @Nullable Integer attempts,
    @DurationRange(min = "1ms", max = "10m")
        @Schema(implementation = String.class, defaultValue = "10s", examples = "2s")
        @Nullable Duration timeout,
    @Schema(implementation = String.class, defaultValue = "1s", examples = "100ms")
        @Nullable Duration backoff,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "250ms")
        @Nullable Duration maxWait) {

  /**
   * The HTTP request to make.
   *
   * @param method one of {@link CheckedTarget#METHODS}; default POST
   * @param url absolute, http or https, with a host
   * @param headers by name
   * @param body any JSON; null for none
   */
  @Schema(name = "Target")
  public record Target(
      @Schema(defaultValue = "POST", examples = "POST") @Nullable String method,
      @NotNull @Schema(examples = "https://example.org/hook") String url,
      @Nullable Map<String, String> headers,
      @Schema(implementation = Object.class, description = "Any JSON") @Nullable JsonText body) {}
}
