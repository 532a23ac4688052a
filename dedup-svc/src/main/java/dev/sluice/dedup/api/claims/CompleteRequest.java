package dev.sluice.dedup.api.claims;

import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Completes a claim.
 *
 * @param token of the owner
 * @param response what is replayed to who comes later
 */
@Schema(name = "CompleteRequest")
public record CompleteRequest(
    @NotNull @Schema(examples = "0123456789abcdef0123456789abcdef") String token,
    @NotNull ResponseBody response) {}
