package dev.sluice.pool.api.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.JobId;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.service.json.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Jobs for a worker.
 *
 * @param jobs none when there were none within the wait
 */
@Schema(name = "LeaseAnswer")
public record LeaseAnswer(List<Leased> jobs) {

  /**
   * A job in a worker's hands.
   *
   * @param id unique
   * @param queue the name of its queue
   * @param lease shown to end or extend it: 16 hexadecimal digits
   * @param attempt 1 for the first
   * @param maxAttempts how many there are at most
   * @param payload what there is to do, if it is JSON
   * @param payloadBase64 the same, if it is bytes
   * @param group which others it runs in order with
   * @param acceptedAt when it was submitted
   * @param leasedUntil when the lease runs out
   * @param extendEvery how often to extend the lease of a job that takes long: half of it, so that
   *     the job goes back when two are missed
   * @param deadline when it is given up
   */
  @Schema(name = "LeasedJob")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Leased(
      UUID id,
      String queue,
      @Schema(examples = "00f3a1b2c3d4e5f6") String lease,
      int attempt,
      int maxAttempts,
      @Schema(implementation = Object.class) @Nullable JsonText payload,
      @Schema(implementation = String.class) @Nullable Base64Bytes payloadBase64,
      @Nullable String group,
      Instant acceptedAt,
      Instant leasedUntil,
      @Schema(implementation = String.class, examples = "15s") Duration extendEvery,
      @Nullable Instant deadline) {

    /**
     * What a worker is told of its job.
     *
     * @param lease how long it lasts
     */
    public static Leased of(LeasedJob job, Duration lease) {
      Content payload = Content.of(job.payload());
      return new Leased(
          job.id(),
          job.queue(),
          JobId.lease(job.lease()),
          job.attempt(),
          job.terms().attempts(),
          payload.json(),
          payload.bytes(),
          job.group(),
          job.acceptedAt(),
          job.until(),
          half(lease),
          job.deadline());
    }
  }

  static Duration half(Duration lease) {
    return Duration.ofMillis(Math.max(1, lease.toMillis() / 2));
  }
}
