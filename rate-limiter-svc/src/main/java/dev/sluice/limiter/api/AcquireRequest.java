package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.limiter.process.Algorithm;
import dev.sluice.limiter.process.Terms;
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
    @Min(1) @Max(Terms.MAX_PERMITS) @Schema(description = "1 to the burst", defaultValue = "1")
        @Nullable Long permits,
    @Schema(description = "A configured limit; or give one in limit") @Nullable String policy,
    @Valid @Schema(description = "A limit; or name one in policy") @Nullable Limit limit,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "250ms")
        @Nullable Duration maxWait)
    implements PermitsRequest {

  /**
   * A limit.
   *
   * @param algorithm how permits are counted; default a token bucket
   * @param rate so many permits
   * @param per in this time; not for fixed windows
   * @param unit in this unit of the calendar; for fixed windows
   * @param burst the most permits at once, by default the rate; for token buckets
   */
  @Schema(name = "Limit")
  public record Limit(
      @Schema(defaultValue = "TOKEN_BUCKET") @Nullable Algorithm algorithm,
      @NotNull @Min(1) @Max(Terms.MAX_PERMITS) @Schema(examples = "100") Long rate,
      @DurationRange(min = "1ns", max = "366d")
          @Schema(implementation = String.class, examples = "1s")
          @Nullable Duration per,
      @Schema(
              description = "For FIXED_WINDOW: second, minute, hour, day, week, month or year",
              examples = "hour")
          @Nullable String unit,
      @Min(1) @Max(Terms.MAX_PERMITS) @Schema(examples = "200") @Nullable Long burst) {}
}
