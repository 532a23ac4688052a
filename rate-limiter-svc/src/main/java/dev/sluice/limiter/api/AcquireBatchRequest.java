package dev.sluice.limiter.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for permits of several keys.
 *
 * @param requests what is asked of each key
 * @param mode whether they belong together; default each for itself
 * @param maxWait how long to wait for them; default not at all
 */
@Schema(name = "AcquireBatchRequest")
public record AcquireBatchRequest(
    @NotNull List<@NotNull @Valid BalanceRequest> requests,
    @Schema(defaultValue = "EACH") @Nullable Mode mode,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "250ms")
        @Nullable Duration maxWait) {

  /** Whether the permits of several keys belong together. */
  public enum Mode {
    /** Each is granted or refused for itself. */
    EACH,
    /** All are granted, or none. */
    ALL
  }

  /** The default is each for itself. */
  public AcquireBatchRequest {
    mode = Objects.requireNonNullElse(mode, Mode.EACH);
    maxWait = Objects.requireNonNullElse(maxWait, Duration.ZERO);
  }
}
