package dev.sluice.pool.api.schedules;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.jobs.JobAnswer;
import dev.sluice.pool.api.submit.BackoffBody;
import dev.sluice.pool.api.submit.SubmitRequest;
import dev.sluice.pool.model.Backoff;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.Debounce;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A schedule at one instant.
 *
 * @param name what it is called
 * @param cron when
 * @param zone in which time zone
 * @param missed {@code skip} or {@code catchUp}
 * @param job what is submitted each time; without the target's headers, which may hold secrets
 * @param paused whether nothing is submitted
 * @param next when the next time is; absent: never
 * @param last when it was submitted last; absent: never
 * @param lastJob the job of that time
 */
@Schema(name = "Schedule")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScheduleAnswer(
    String name,
    String cron,
    String zone,
    @Schema(enumeration = {"skip", "catchUp"}) String missed,
    SubmitRequest job,
    boolean paused,
    @Nullable Instant next,
    @Nullable Instant last,
    @Nullable UUID lastJob) {

  /** What there is to say of a schedule. */
  public static ScheduleAnswer of(Schedule schedule) {
    return new ScheduleAnswer(
        schedule.name(),
        schedule.cron(),
        schedule.zone().getId(),
        switch (schedule.missed()) {
          case SKIP -> "skip";
          case CATCH_UP -> "catchUp";
        },
        job(schedule.job()),
        schedule.paused(),
        schedule.next(),
        schedule.last(),
        schedule.lastJob());
  }

  private static SubmitRequest job(NewJob job) {
    Content payload = Content.of(job.payload());
    return new SubmitRequest(
        job.queue(),
        payload.json(),
        payload.bytes(),
        target(job.call()),
        JobAnswer.priority(job.priority()),
        said(job.delay()),
        null,
        said(job.terms().timeout()),
        null,
        job.terms().attempts() == 0 ? null : (Integer) job.terms().attempts(),
        job.terms().backoff().equals(Backoff.OF_QUEUE)
            ? null
            : BackoffBody.of(job.terms().backoff()),
        null,
        job.group(),
        debounce(job.debounce()),
        null);
  }

  private static @Nullable Duration said(Duration duration) {
    return duration.isZero() ? null : duration;
  }

  private static SubmitRequest.@Nullable Target target(@Nullable Call call) {
    return call == null
        ? null
        : new SubmitRequest.Target(call.method(), call.url().toString(), null, null, null);
  }

  private static SubmitRequest.@Nullable DebounceBody debounce(@Nullable Debounce debounce) {
    return debounce == null
        ? null
        : new SubmitRequest.DebounceBody(debounce.key(), debounce.quiet(), debounce.max());
  }
}
