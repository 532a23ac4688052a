package dev.sluice.service.sample;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.service.DurationRange;
import dev.sluice.service.Key;
import dev.sluice.service.json.JsonText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One field of every kind that the services' requests have. */
public record SampleRequest(
    @Key String key,
    @Min(0) @Max(1000) Integer count,
    Long total,
    Boolean urgent,
    Double ratio,
    Colour colour,
    @JsonProperty("wait") @DurationRange(min = "1ms", max = "1h") Duration patience,
    Instant at,
    @Valid Limit limit,
    List<@Valid Limit> limits,
    JsonText payload) {

  public enum Colour {
    RED,
    GREEN
  }

  public record Limit(@Min(1) long rate, @NotNull Duration per) {
    public Limit {
      if (rate == 13) {
        throw new IllegalArgumentException("13 is not allowed, must be a luckier rate");
      }
    }
  }
}
