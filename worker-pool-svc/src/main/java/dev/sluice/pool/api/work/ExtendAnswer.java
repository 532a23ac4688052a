package dev.sluice.pool.api.work;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The worker keeps the job.
 *
 * @param id which
 * @param leasedUntil when the lease runs out now
 */
@Schema(name = "ExtendAnswer")
public record ExtendAnswer(UUID id, Instant leasedUntil) {}
