package dev.sluice.limiter.api;

import dev.sluice.limiter.process.Terms;
import dev.sluice.service.Key;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Names permits of a key: to look at them, to give them back, or to take them as one of a batch.
 *
 * @param key what is limited
 * @param permits how many; default 1
 * @param policy a configured limit's name; or {@code limit}
 * @param limit the terms; or {@code policy}
 */
@Schema(name = "BalanceRequest")
public record BalanceRequest(
    @Key @Schema(examples = "user:42") String key,
    @Min(1) @Max(Terms.MAX_PERMITS) @Schema(description = "1 to the burst", defaultValue = "1")
        @Nullable Long permits,
    @Schema(description = "A configured limit; or give one in limit") @Nullable String policy,
    @Valid @Schema(description = "A limit; or name one in policy")
        AcquireRequest.@Nullable Limit limit)
    implements PermitsRequest {}
