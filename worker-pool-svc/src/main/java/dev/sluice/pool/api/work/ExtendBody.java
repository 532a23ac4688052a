package dev.sluice.pool.api.work;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.service.json.JsonText;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A worker still has a job: its heartbeat.
 *
 * @param lease the token that the job was handed out with
 * @param longer how long from now it wants to have it; default as the queue's settings say
 * @param progress what there is to report, any JSON
 * @param progressBase64 the same as bytes, instead
 */
@Schema(name = "ExtendRequest")
public record ExtendBody(
    @Schema(required = true, examples = "00f3a1b2c3d4e5f6") @Nullable String lease,
    @JsonProperty("for")
        @Schema(implementation = String.class, description = "100ms to 24h", examples = "30s")
        @Nullable Duration longer,
    @Schema(implementation = Object.class, description = "Any JSON") @Nullable JsonText progress,
    @Schema(implementation = String.class, description = "Bytes, instead of progress")
        @Nullable Base64Bytes progressBase64) {}
