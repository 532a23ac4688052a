package dev.sluice.pool.api.work;

import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.EdgeSettings;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.api.JobId;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.api.jobs.StateAnswer;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.model.Verdict;
import dev.sluice.pool.process.LeaseRequest;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Limits;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.life.ServiceLife;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What workers of pull queues ask for: what HTTP and gRPC have in common. */
@Singleton
public class WorkOperation {
  /** The most jobs that are handed out at once. */
  public static final int MOST_JOBS = 1_000;

  private static final Duration LEAST_LEASE = Duration.ofMillis(100);
  private static final Duration LONGEST_LEASE = Duration.ofHours(24);
  private static final Duration LONGEST_DELAY = Duration.ofDays(366);
  private static final int LONGEST_ERROR = 4_096;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\t\\r\\n]]");

  private final WorkerPool pool;
  private final EdgeSettings settings;
  private final Limits limits;
  private final Clock clock;

  @Inject
  WorkOperation(WorkerPool pool, EdgeSettings settings, Limits limits, ServiceLife life) {
    this.pool = pool;
    this.settings = settings;
    this.limits = limits;
    this.clock = life.scope().clock();
  }

  /**
   * Hands out jobs.
   *
   * @return the answer. When it is abandoned before jobs were handed out, none are.
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  public Pending<LeaseAnswer> lease(String queue, LeaseBody body) {
    return lease(checked(queue, body));
  }

  /** The same for a request that has been checked. */
  public Pending<LeaseAnswer> lease(LeaseRequest request) {
    return Refusals.ask(
        () -> pool.lease(request),
        jobs ->
            new LeaseAnswer(
                jobs.stream()
                    .map(job -> LeaseAnswer.Leased.of(job, lease(request, job)))
                    .toList()));
  }

  /**
   * The request of the pool that a worker's is.
   *
   * @throws ProblemException the request is not valid
   */
  public LeaseRequest checked(String queue, LeaseBody body) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    checks.name("queue", queue);
    int max = checks.number("max", body.max(), 1, MOST_JOBS, 1);
    leaseTime("lease", body.lease(), checks);
    Duration wait =
        checks.duration("wait", body.maxWait(), Duration.ZERO, settings.maxWait(), Duration.ZERO);
    checks.key("worker", body.worker());
    checks.require();
    return new LeaseRequest(queue, max, body.lease(), wait, body.worker());
  }

  private Duration lease(LeaseRequest request, LeasedJob job) {
    return request.lease() == null
        ? Duration.between(clock.instant(), job.until())
        : request.lease();
  }

  /** Ends a job that is done; claim-lost when it is no longer this lease's. */
  public Pending<StateAnswer> ack(String id, AckBody body) {
    UUID which = JobId.parse(id);
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    long lease = token(body.lease(), checks);
    Payload result = new Content(body.result(), body.resultBase64()).payload("result", checks);
    checks.require();
    var verdict = new Verdict.Succeeded(null, result == Payload.NONE ? null : result);
    return ended(which, () -> pool.end(which, lease, verdict));
  }

  /** Ends an attempt that failed, or was none; claim-lost when it is no longer this lease's. */
  public Pending<StateAnswer> nack(String id, NackBody body) {
    UUID which = JobId.parse(id);
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    long lease = token(body.lease(), checks);
    Verdict verdict = verdict(body, checks);
    checks.require();
    return ended(which, () -> pool.end(which, lease, verdict));
  }

  /** Lets a worker keep a job; claim-lost when it is no longer this lease's. */
  public Pending<ExtendAnswer> extend(String id, ExtendBody body) {
    UUID which = JobId.parse(id);
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    long lease = token(body.lease(), checks);
    leaseTime("for", body.longer(), checks);
    Payload progress =
        new Content(body.progress(), body.progressBase64()).payload("progress", checks);
    checks.require();
    return steer(
        which,
        () -> pool.extend(which, lease, body.longer(), progress == Payload.NONE ? null : progress),
        steered ->
            steered instanceof Steered.Extended(var until) ? new ExtendAnswer(which, until) : null);
  }

  private static Verdict verdict(NackBody body, FieldChecks checks) {
    boolean retry = !Boolean.FALSE.equals(body.retry());
    Duration delay =
        checks.duration("delay", body.delay(), Duration.ZERO, LONGEST_DELAY, Duration.ZERO);
    String error = error(body.error(), checks);
    if (Boolean.FALSE.equals(body.counted())) {
      String why = "must not be given when counted is false: the job has not been tried";
      checks.forbidden("error", body.error(), why);
      checks.forbidden("retry", body.retry(), why);
      return new Verdict.HandedBack(delay);
    }
    if (retry) {
      return new Verdict.Retry(null, error, delay, body.delay() == null);
    }
    checks.forbidden("delay", body.delay(), "must not be given when retry is false");
    return new Verdict.Failed(null, error, null);
  }

  private static String error(@Nullable String error, FieldChecks checks) {
    if (error == null) {
      return "the worker gave it back, and did not say why";
    }
    if (error.isEmpty() || error.length() > LONGEST_ERROR) {
      checks.wrong("error", error, "must have 1 to " + LONGEST_ERROR + " characters");
    }
    if (CONTROL.matcher(error).find()) {
      checks.wrong("error", error, "must have no control characters but tabs and line ends");
    }
    return error;
  }

  private static void leaseTime(String field, @Nullable Duration lease, FieldChecks checks) {
    checks.duration(field, lease, LEAST_LEASE, LONGEST_LEASE, LEAST_LEASE);
  }

  private static long token(@Nullable String lease, FieldChecks checks) {
    checks.required("lease", lease);
    return lease == null ? 0 : JobId.lease("lease", lease, checks);
  }

  private static Pending<StateAnswer> ended(UUID id, Supplier<Reply<Steered>> asking) {
    return steer(
        id,
        asking,
        steered ->
            steered instanceof Steered.Done(JobState state)
                ? new StateAnswer(id, Refusals.name(state))
                : null);
  }

  private static <T> Pending<T> steer(
      UUID id, Supplier<Reply<Steered>> asking, Function<Steered, @Nullable T> good) {
    return Refusals.ask(
        asking,
        steered -> {
          T answer = good.apply(steered);
          if (answer == null) {
            throw Refusals.problem(id, steered, state -> lost(id, state));
          }
          return answer;
        });
  }

  private static ProblemException lost(UUID id, JobState state) {
    return new ProblemException(
        ProblemType.CLAIM_LOST,
        "job "
            + id
            + " is no longer this lease's: it has run out, or the job was ended; it is "
            + Refusals.name(state));
  }
}
