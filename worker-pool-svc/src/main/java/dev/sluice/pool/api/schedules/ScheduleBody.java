package dev.sluice.pool.api.schedules;

import dev.sluice.pool.api.submit.SubmitRequest;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A job that comes again and again.
 *
 * @param cron when, five fields as in crontab(5)
 * @param zone in which time zone; default UTC
 * @param missed what becomes of times that have passed while nothing ran: {@code skip} (default) or
 *     {@code catchUp}
 * @param job what is submitted each time
 * @param paused whether nothing is submitted; default false
 */
@Schema(name = "ScheduleRequest")
public record ScheduleBody(
    @Schema(required = true, examples = "0 3 * * MON-FRI") @Nullable String cron,
    @Schema(defaultValue = "UTC", examples = "Europe/Berlin") @Nullable String zone,
    @Schema(
            enumeration = {"skip", "catchUp"},
            defaultValue = "skip")
        @Nullable String missed,
    @Schema(required = true) @Nullable SubmitRequest job,
    @Schema(defaultValue = "false") @Nullable Boolean paused) {}
