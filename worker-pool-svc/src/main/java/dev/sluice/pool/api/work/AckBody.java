package dev.sluice.pool.api.work;

import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.service.json.JsonText;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A job is done.
 *
 * @param lease the token that the job was handed out with
 * @param result what has come of it, any JSON
 * @param resultBase64 the same as bytes, instead
 */
@Schema(name = "AckRequest")
public record AckBody(
    @Schema(required = true, examples = "00f3a1b2c3d4e5f6") @Nullable String lease,
    @Schema(implementation = Object.class, description = "Any JSON") @Nullable JsonText result,
    @Schema(implementation = String.class, description = "Bytes, instead of result")
        @Nullable Base64Bytes resultBase64) {}
