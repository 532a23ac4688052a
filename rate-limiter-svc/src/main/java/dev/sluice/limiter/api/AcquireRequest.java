package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.limiter.process.Ask;
import dev.sluice.service.DurationRange;
import dev.sluice.service.Key;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for permits of a key, under a policy or under a limit of its own.
 *
 * @param key what is limited
 * @param permits how many; default 1
 * @param policy a configured limit's name; or {@code limit}
 * @param limit the terms; or {@code policy}
 * @param maxWait how long to wait for the permits; default not at all
 */
@Schema(name = "AcquireRequest")
public record AcquireRequest(
    @Key @Schema(examples = "user:42") String key,
    @Min(1) @Max(Ask.MAX_PERMITS) @Schema(description = "1 to the burst", defaultValue = "1")
        @Nullable Long permits,
    @Schema(description = "A configured limit; or give one in limit") @Nullable String policy,
    @Valid @Schema(description = "A limit; or name one in policy") @Nullable Terms limit,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "250ms")
        @Nullable Duration maxWait) {

  /**
   * A token bucket.
   *
   * @param rate so many permits come back
   * @param per in this time, evenly
   * @param burst the most permits at once; default the rate
   */
  @Schema(name = "Limit")
  public record Terms(
      @NotNull @Min(1) @Max(Ask.MAX_PERMITS) @Schema(examples = "100") Long rate,
      @NotNull
          @DurationRange(min = "1ns", max = "366d")
          @Schema(implementation = String.class, examples = "1s")
          Duration per,
      @Min(1) @Max(Ask.MAX_PERMITS) @Schema(examples = "200") @Nullable Long burst) {}
}
