package dev.sluice.pool.api.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.model.Change;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.service.json.JsonText;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Something has happened to a job.
 *
 * @param id which
 * @param queue the name of its queue
 * @param state how far it has come
 * @param attempt the number of the attempt that runs or ran last; 0 before the first
 * @param at when
 * @param due when something is to happen to it by time
 * @param error why an attempt has failed
 * @param progress what its worker reports, if it is JSON
 * @param progressBase64 the same, if it is bytes
 * @param name what kind of event it is: {@code progress}, or as {@code state}
 * @param last whether the job is finished
 */
@Schema(name = "Event")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventAnswer(
    UUID id,
    String queue,
    String state,
    int attempt,
    Instant at,
    @Nullable Instant due,
    @Nullable String error,
    @Schema(implementation = Object.class) @Nullable JsonText progress,
    @Schema(implementation = String.class) @Nullable Base64Bytes progressBase64,
    @JsonIgnore String name,
    @JsonIgnore boolean last) {

  static EventAnswer of(Change change) {
    String state = Refusals.name(change.to());
    Content progress = Content.of(change.progress());
    return new EventAnswer(
        change.id(),
        change.queue(),
        state,
        change.attempt(),
        change.at(),
        change.due(),
        change.error(),
        progress.json(),
        progress.bytes(),
        change.from() == change.to() && change.progress() != null ? "progress" : state,
        change.to().isFinished());
  }

  /** How a job is, for who begins to watch it. */
  static EventAnswer of(JobView job, Instant now) {
    String state = Refusals.name(job.state());
    Content progress = Content.of(job.progress());
    return new EventAnswer(
        job.id(),
        job.queue(),
        state,
        attempt(job),
        now,
        job.state() == JobState.RUNNING ? job.leasedUntil() : job.nextAttemptAt(),
        job.error(),
        progress.json(),
        progress.bytes(),
        state,
        job.state().isFinished());
  }

  /** Goes on counting when a job is tried anew, as attempts made do not. */
  private static int attempt(JobView job) {
    int ended = job.attempts().isEmpty() ? 0 : job.attempts().getLast().number();
    return job.state() == JobState.RUNNING ? ended + 1 : ended;
  }
}
