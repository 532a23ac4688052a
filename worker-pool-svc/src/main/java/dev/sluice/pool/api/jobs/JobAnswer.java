package dev.sluice.pool.api.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.api.submit.BackoffBody;
import dev.sluice.pool.model.Attempt;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.NewJob;
import dev.sluice.service.json.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A job at one instant. What is null is not shown.
 *
 * @param id unique
 * @param queue where it waits
 * @param state how far it has come
 * @param priority {@code high} or {@code normal}
 * @param group which others it runs in order with
 * @param target what is called, without headers
 * @param payload what its worker gets, if it is JSON; in lists no payload is shown
 * @param payloadBase64 the same, if it is bytes
 * @param maxAttempts how many there are at most
 * @param timeout how long one call may take
 * @param backoff how long to wait after failed ones
 * @param attemptsMade how many count against {@code maxAttempts}
 * @param attempts those that have ended, oldest first; of many the last 20
 * @param startedAt when the running attempt began
 * @param leasedUntil when its lease runs out
 * @param progress what the worker has reported last
 * @param progressBase64 the same, if it is bytes
 * @param result what has come of it
 * @param resultBase64 the same, if it is bytes
 * @param acceptedAt when it was submitted
 * @param nextAttemptAt while scheduled or retrying: when it may begin
 * @param deadline when it is given up
 * @param finishedAt when it was finished
 * @param error why it has failed
 */
@Schema(name = "Job")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobAnswer(
    UUID id,
    String queue,
    @Schema(
            enumeration = {
              "scheduled",
              "blocked",
              "queued",
              "running",
              "retrying",
              "succeeded",
              "failed",
              "cancelled"
            })
        String state,
    @Schema(enumeration = {"high", "normal"}) String priority,
    @Nullable String group,
    @Nullable TargetAnswer target,
    @Schema(implementation = Object.class) @Nullable JsonText payload,
    @Schema(implementation = String.class) @Nullable Base64Bytes payloadBase64,
    int maxAttempts,
    @Schema(implementation = String.class, examples = "2s") Duration timeout,
    BackoffBody backoff,
    int attemptsMade,
    List<AttemptAnswer> attempts,
    @Nullable Instant startedAt,
    @Nullable Instant leasedUntil,
    @Schema(implementation = Object.class) @Nullable JsonText progress,
    @Schema(implementation = String.class) @Nullable Base64Bytes progressBase64,
    @Schema(implementation = Object.class) @Nullable JsonText result,
    @Schema(implementation = String.class) @Nullable Base64Bytes resultBase64,
    Instant acceptedAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant deadline,
    @Nullable Instant finishedAt,
    @Nullable String error) {

  /**
   * One try that has ended.
   *
   * @param number 1 for the first
   * @param worker who had it, as it called itself
   * @param startedAt when it was handed out
   * @param finishedAt when its end was known
   * @param status what the target answered
   * @param error why it failed
   */
  @Schema(name = "Attempt")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AttemptAnswer(
      int number,
      @Nullable String worker,
      Instant startedAt,
      Instant finishedAt,
      @Nullable Integer status,
      @Nullable String error) {
    private static AttemptAnswer of(Attempt attempt) {
      return new AttemptAnswer(
          attempt.number(),
          attempt.worker(),
          attempt.startedAt(),
          attempt.finishedAt(),
          attempt.status(),
          attempt.error());
    }
  }

  /**
   * What is called; its headers may hold secrets, and are not shown.
   *
   * @param method of HTTP
   * @param url where
   */
  @Schema(name = "JobTarget")
  public record TargetAnswer(String method, String url) {
    static @Nullable TargetAnswer of(@Nullable Call call) {
      return call == null ? null : new TargetAnswer(call.method(), call.url().toString());
    }
  }

  /** What there is to say of a job. */
  public static JobAnswer of(JobView job) {
    Content payload = Content.of(job.payload());
    Content progress = Content.of(job.progress());
    Content result = Content.of(job.result());
    return new JobAnswer(
        job.id(),
        job.queue(),
        Refusals.name(job.state()),
        priority(job.priority()),
        job.group(),
        TargetAnswer.of(job.call()),
        payload.json(),
        payload.bytes(),
        job.terms().attempts(),
        job.terms().timeout(),
        BackoffBody.of(job.terms().backoff()),
        job.attemptsMade(),
        job.attempts().stream().map(AttemptAnswer::of).toList(),
        job.startedAt(),
        job.leasedUntil(),
        progress.json(),
        progress.bytes(),
        result.json(),
        result.bytes(),
        job.acceptedAt(),
        job.nextAttemptAt(),
        job.deadline(),
        job.finishedAt(),
        job.error());
  }

  /** What a priority is called. */
  public static String priority(NewJob.Priority priority) {
    return switch (priority) {
      case HIGH -> "high";
      case NORMAL -> "normal";
    };
  }
}
