package dev.sluice.dedup.api.claims;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Lets a claim last on.
 *
 * @param token of the owner
 * @param lease how long from now on
 */
@Schema(name = "ClaimRenewRequest")
public record RenewRequest(
    @NotNull @Schema(examples = "0123456789abcdef0123456789abcdef") String token,
    @Schema(implementation = String.class, defaultValue = "30s", examples = "30s")
        @Nullable Duration lease) {}
