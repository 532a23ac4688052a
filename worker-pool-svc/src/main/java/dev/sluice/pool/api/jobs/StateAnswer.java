package dev.sluice.pool.api.jobs;

import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How far a job has come after an order.
 *
 * @param id which
 * @param state as in {@link JobAnswer}
 */
@Schema(name = "JobStateAnswer")
public record StateAnswer(UUID id, String state) {}
