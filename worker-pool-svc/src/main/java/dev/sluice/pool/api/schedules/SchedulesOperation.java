package dev.sluice.pool.api.schedules;

import dev.sluice.csp.Reply;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.api.submit.JobChecks;
import dev.sluice.pool.api.submit.SubmitRequest;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Schedule;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Limits;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Recurring jobs: what HTTP and gRPC have in common. */
@Singleton
public class SchedulesOperation {
  private final WorkerPool pool;
  private final Limits limits;
  private final JobChecks jobChecks;

  @Inject
  SchedulesOperation(WorkerPool pool, Limits limits, JobChecks jobChecks) {
    this.pool = pool;
    this.limits = limits;
    this.jobChecks = jobChecks;
  }

  /** All schedules. */
  public Pending<SchedulesAnswer> schedules() {
    return Refusals.ask(
        pool::schedules,
        found -> new SchedulesAnswer(found.stream().map(ScheduleAnswer::of).toList()));
  }

  /** A schedule; not-found when it is not there. */
  public Pending<ScheduleAnswer> schedule(String name) {
    String known = named(name);
    return Refusals.ask(
        () -> pool.findSchedule(known),
        found -> ScheduleAnswer.of(found.orElseThrow(() -> unknown(known))));
  }

  /**
   * Makes a schedule or changes it.
   *
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  public Pending<ScheduleAnswer> put(String name, ScheduleBody body) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    Schedule schedule = schedule(name, body, checks);
    checks.require();
    return Refusals.ask(() -> put(schedule), ScheduleAnswer::of);
  }

  /** Deletes a schedule; not-found when it is not there. */
  public Pending<String> remove(String name) {
    String known = named(name);
    return Refusals.ask(
        () -> pool.unschedule(known),
        done -> {
          if (!done) {
            throw unknown(known);
          }
          return known;
        });
  }

  private Reply<Schedule> put(Schedule schedule) {
    try {
      return pool.schedule(schedule);
    } catch (IllegalArgumentException notCron) {
      throw ProblemException.invalid(
          "cron", schedule.cron(), Objects.requireNonNullElse(notCron.getMessage(), "is no cron"));
    }
  }

  private Schedule schedule(String name, ScheduleBody body, FieldChecks checks) {
    checks.name("name", name);
    checks.required("cron", body.cron());
    checks.required("job", body.job());
    return new Schedule(
        name,
        Objects.requireNonNullElse(body.cron(), ""),
        zone(body.zone(), checks),
        missed(body.missed(), checks),
        job(body.job(), checks),
        Boolean.TRUE.equals(body.paused()),
        null,
        null,
        null);
  }

  private NewJob job(@Nullable SubmitRequest request, FieldChecks checks) {
    if (request == null) {
      return NewJob.of("", Payload.NONE, null);
    }
    FieldChecks within = checks.within("job");
    String why = "must not be given in a schedule, whose jobs are submitted at many times";
    within.forbidden("wait", request.maxWait(), why);
    within.forbidden("notBefore", request.notBefore(), why);
    within.forbidden("deadline", request.deadline(), why);
    within.forbidden("idempotencyKey", request.idempotencyKey(), why);
    return jobChecks.job(request, within);
  }

  private static ZoneId zone(@Nullable String zone, FieldChecks checks) {
    try {
      return zone == null ? ZoneId.of("UTC") : ZoneId.of(zone);
    } catch (DateTimeException unknown) {
      checks.wrong("zone", String.valueOf(zone), "must be a time zone such as \"Europe/Berlin\"");
      return ZoneId.of("UTC");
    }
  }

  private static Schedule.Missed missed(@Nullable String missed, FieldChecks checks) {
    return switch (missed) {
      case null -> Schedule.Missed.SKIP;
      case "skip" -> Schedule.Missed.SKIP;
      case "catchUp" -> Schedule.Missed.CATCH_UP;
      default -> {
        checks.wrong("missed", missed, "must be \"skip\" or \"catchUp\"");
        yield Schedule.Missed.SKIP;
      }
    };
  }

  private String named(String name) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    checks.name("name", name);
    checks.require();
    return name;
  }

  private static ProblemException unknown(String name) {
    return new ProblemException(ProblemType.NOT_FOUND, "there is no schedule \"" + name + "\"");
  }
}
