package dev.sluice.pool.api;

import dev.sluice.pool.process.JobSnapshot;
import dev.sluice.pool.process.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A job at one instant.
 *
 * @param state how far it has come
 * @param attempts oldest first, the running one included; of many the last 20
 * @param target what it calls, without headers and body
 * @param maxAttempts how many there are at most
 * @param timeout how long one may take
 * @param backoff how long after the first the second comes
 * @param nextAttemptAt when the next is due; null unless it retries
 * @param finishedAt null until it is finished
 */
@Schema(name = "Job")
public record JobAnswer(
    UUID id,
    @Schema(enumeration = {"queued", "running", "retrying", "succeeded", "failed"}) String state,
    List<AttemptAnswer> attempts,
    TargetAnswer target,
    int maxAttempts,
    @Schema(implementation = String.class, examples = "2s") Duration timeout,
    @Schema(implementation = String.class, examples = "100ms") Duration backoff,
    Instant acceptedAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant finishedAt) {

  /**
   * One call of the target.
   *
   * @param number 1 for the first
   * @param finishedAt null while it runs
   * @param status what the target answered; null when it did not
   * @param error why it failed; null when it has not, or when the status says it
   */
  @Schema(name = "Attempt")
  public record AttemptAnswer(
      int number,
      Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Integer status,
      @Nullable String error) {
    private static AttemptAnswer of(JobSnapshot.Attempt attempt) {
      return new AttemptAnswer(
          attempt.number(),
          attempt.startedAt(),
          attempt.finishedAt(),
          attempt.status(),
          attempt.error());
    }
  }

  /** What is called. */
  @Schema(name = "JobTarget")
  public record TargetAnswer(String method, String url) {}

  static JobAnswer of(JobSnapshot snapshot) {
    return new JobAnswer(
        snapshot.id(),
        name(snapshot.state()),
        snapshot.attempts().stream().map(AttemptAnswer::of).toList(),
        new TargetAnswer(snapshot.method(), snapshot.url().toString()),
        snapshot.maxAttempts(),
        snapshot.timeout(),
        snapshot.backoff(),
        snapshot.acceptedAt(),
        snapshot.nextAttemptAt(),
        snapshot.finishedAt());
  }

  static String name(JobState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
