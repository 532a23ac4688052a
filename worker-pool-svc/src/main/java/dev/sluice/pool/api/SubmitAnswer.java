package dev.sluice.pool.api;

import dev.sluice.pool.process.JobState;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The job is accepted.
 *
 * @param id for {@code GET /jobs/{id}}, and the target's {@code Idempotency-Key}
 * @param state always queued
 */
@Schema(name = "SubmitAnswer")
public record SubmitAnswer(UUID id, @Schema(examples = "queued") String state) {
  static SubmitAnswer of(UUID id) {
    return new SubmitAnswer(id, JobAnswer.name(JobState.QUEUED));
  }
}
