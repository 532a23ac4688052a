package dev.sluice.mesh.api.mesh;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Stalls a worker.
 *
 * @param worker its name; required
 * @param time how long; required, more than 0 and up to an hour
 */
@Schema(
    name = "StallRequest",
    requiredProperties = {"worker", "for"})
public record StallRequest(
    @Schema(examples = "worker-1") @Nullable String worker,
    @JsonProperty("for") @Schema(implementation = String.class, examples = "5s")
        @Nullable Duration time) {}
