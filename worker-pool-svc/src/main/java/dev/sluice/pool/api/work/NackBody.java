package dev.sluice.pool.api.work;

import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A job is not done.
 *
 * @param lease the token that the job was handed out with
 * @param error why; default that the worker did not say
 * @param delay how long to wait before the next attempt; default as the job's backoff says
 * @param retry false: it makes no sense to try again
 * @param counted false: the job goes back as if it had not been tried, at once or after {@code
 *     delay}; for a worker that stops
 */
@Schema(name = "NackRequest")
public record NackBody(
    @Schema(required = true, examples = "00f3a1b2c3d4e5f6") @Nullable String lease,
    @Schema(description = "At most 4,096 characters", examples = "the mail server is away")
        @Nullable String error,
    @Schema(implementation = String.class, examples = "30s") @Nullable Duration delay,
    @Schema(defaultValue = "true") @Nullable Boolean retry,
    @Schema(defaultValue = "true") @Nullable Boolean counted) {}
