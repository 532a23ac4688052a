package dev.sluice.pool.api.submit;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for several jobs, each for itself.
 *
 * @param jobs in their order; without {@code wait}
 * @param maxWait how long to wait for room; default not at all
 */
@Schema(name = "SubmitBatchRequest")
public record BatchRequest(
    @Schema(required = true, minItems = 1, description = "1 to 1,000")
        @Nullable List<@Nullable SubmitRequest> jobs,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "250ms")
        @Nullable Duration maxWait) {}
