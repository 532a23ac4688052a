package dev.sluice.pool.api.work;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A worker asks for jobs.
 *
 * @param max how many at most; it gets what there is, and does not wait for more than one
 * @param lease how long it wants to have them; default as the queue's settings say
 * @param maxWait how long it waits for the first; default not at all
 * @param worker what it calls itself, for those who look at the job
 */
@Schema(name = "LeaseRequest")
public record LeaseBody(
    @Schema(defaultValue = "1", description = "1 to 1,000", examples = "10") @Nullable Integer max,
    @Schema(implementation = String.class, description = "100ms to 24h", examples = "30s")
        @Nullable Duration lease,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "10s")
        @Nullable Duration maxWait,
    @Schema(examples = "worker-3") @Nullable String worker) {
  /** Nothing said. */
  static final LeaseBody NONE = new LeaseBody(null, null, null, null);
}
