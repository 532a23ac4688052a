package dev.sluice.pool.api.queues;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.api.submit.BackoffBody;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a queue works. What is not said is as for a queue that nobody has configured.
 *
 * @param kind {@code push} or {@code pull}
 * @param capacity the most jobs that may be unfinished
 * @param capacityBytes the most bytes that their payloads may have together
 * @param workers push: how many calls are made at once, by one instance
 * @param lease pull: how long a worker has a job when it does not say
 * @param attempts how many times jobs that do not say are tried
 * @param timeout how long one call of jobs that do not say may take
 * @param backoff how long jobs that do not say wait after a failed attempt
 * @param rate how many jobs are handed out, by one instance
 * @param hostWorkers push: how many calls are made at once to one host, by one instance
 * @param hostRate push: how many calls are begun to one host, by one instance
 * @param breaker push: when a host is left alone
 * @param secret push: signs the calls; shown as {@value #SET}, which also keeps the present one
 * @param retryClientErrors push: whether a 4xx other than 429 is tried again
 * @param idempotencyWindow how long an idempotency key stands for its job
 * @param keepSucceeded how long succeeded and cancelled jobs can be asked for
 * @param keepFailed how long failed jobs, the dead letters, are kept
 */
@Schema(name = "QueueSettings")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueueBody(
    @Schema(enumeration = {"push", "pull"}) @Nullable String kind,
    @Schema(description = "1 to 10,000,000") @Nullable Integer capacity,
    @Schema(description = "1 to 2^53") @Nullable Long capacityBytes,
    @Schema(description = "1 to 10,000") @Nullable Integer workers,
    @Schema(implementation = String.class, description = "100ms to 24h", examples = "30s")
        @Nullable Duration lease,
    @Schema(description = "1 to 100") @Nullable Integer attempts,
    @Schema(implementation = String.class, description = "1ms to 10m", examples = "10s")
        @Nullable Duration timeout,
    @Nullable BackoffBody backoff,
    @Nullable RateBody rate,
    @Schema(description = "1 to 10,000") @Nullable Integer hostWorkers,
    @Nullable RateBody hostRate,
    @Nullable BreakerBody breaker,
    @Schema(
            description = "whsec_ and Base64 of 24 to 64 bytes, as of Standard Webhooks",
            examples = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        @Nullable String secret,
    @Nullable Boolean retryClientErrors,
    @Schema(implementation = String.class, description = "1s to 366d", examples = "24h")
        @Nullable Duration idempotencyWindow,
    @Schema(implementation = String.class, description = "0s to 366d", examples = "24h")
        @Nullable Duration keepSucceeded,
    @Schema(implementation = String.class, description = "0s to 366d", examples = "14d")
        @Nullable Duration keepFailed) {

  /** What is shown of a secret. */
  public static final String SET = "set";

  /** Nothing said. */
  static final QueueBody NONE =
      new QueueBody(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null);

  /**
   * A token bucket.
   *
   * @param limit how many
   * @param per in which time
   * @param burst how many at once after a pause; default {@code limit}
   */
  @Schema(name = "Rate")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RateBody(
      @Schema(required = true, examples = "100") @Nullable Integer limit,
      @Schema(implementation = String.class, defaultValue = "1s", examples = "1s")
          @Nullable Duration per,
      @Nullable Integer burst) {}

  /**
   * A circuit breaker.
   *
   * @param failures how many in a row open it
   * @param open how long it stays so
   */
  @Schema(name = "Breaker")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BreakerBody(
      @Schema(required = true, examples = "5") @Nullable Integer failures,
      @Schema(implementation = String.class, required = true, examples = "30s")
          @Nullable Duration open) {}
}
