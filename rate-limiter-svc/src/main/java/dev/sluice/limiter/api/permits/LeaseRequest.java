package dev.sluice.limiter.api.permits;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.limiter.process.Terms;
import dev.sluice.service.Key;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a lease, under a policy or under a limit of its own.
 *
 * @param key what is limited
 * @param permits how many; default 1
 * @param policy a configured limit's name; or {@code limit}
 * @param limit how many permits may be out; or {@code policy}
 * @param ttl how long the lease is to last
 * @param maxWait how long to wait for it; default not at all
 * @param holder who asks, in its own words
 */
@Schema(name = "LeaseRequest")
public record LeaseRequest(
    @Key @Schema(examples = "db") String key,
    @Min(1) @Max(Terms.MAX_PERMITS) @Schema(description = "1 to the limit", defaultValue = "1")
        @Nullable Long permits,
    @Schema(description = "A configured limit; or give one in limit") @Nullable String policy,
    @Min(1)
        @Max(Terms.MAX_PERMITS)
        @Schema(description = "How many may be out; or name a policy", examples = "3")
        @Nullable Long limit,
    @Schema(
            implementation = String.class,
            description = "From 1ms; default: sluice.limiter.permits.default-ttl",
            examples = "30s")
        @Nullable Duration ttl,
    @JsonProperty("wait")
        @Schema(implementation = String.class, defaultValue = "0s", examples = "5s")
        @Nullable Duration maxWait,
    @Schema(description = "Who asks, as others are told", examples = "worker-7")
        @Nullable String holder) {}
