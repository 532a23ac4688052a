package dev.sluice.pool.api.jobs;

import dev.sluice.csp.Reply;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.api.JobId;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.model.JobFilter;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.Steered;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Durations;
import dev.sluice.service.Limits;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Looks at jobs and steers them: what HTTP and gRPC have in common. */
@Singleton
public class JobsOperation {
  private static final int PAGE = 100;
  private static final int LARGEST_PAGE = 1_000;
  private static final String STATES =
      Arrays.stream(JobState.values()).map(Refusals::name).collect(Collectors.joining(", "));

  private final WorkerPool pool;
  private final Limits limits;

  @Inject
  JobsOperation(WorkerPool pool, Limits limits) {
    this.pool = pool;
    this.limits = limits;
  }

  /**
   * @return the job; fails with a {@link ProblemException} when there is none of this id
   * @throws ProblemException there can be none of this id, or the request cannot be taken now
   */
  public Pending<JobAnswer> job(String id) {
    UUID which = JobId.parse(id);
    return Refusals.ask(
        () -> pool.find(which),
        found -> JobAnswer.of(found.orElseThrow(() -> Refusals.unknownJob(which))));
  }

  /**
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  public Pending<JobsAnswer> list(ListRequest request) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    if (request.queue() != null) {
      checks.name("queue", request.queue());
    }
    var filter =
        new JobFilter(
            request.queue(), states(request, checks), checks.key("group", request.group()));
    int limit = checks.number("limit", request.limit(), 1, LARGEST_PAGE, PAGE);
    Long from = Cursor.parse(request.cursor(), checks);
    checks.require();
    return Refusals.ask(() -> pool.list(filter, from, limit), JobsAnswer::of);
  }

  private static Set<JobState> states(ListRequest request, FieldChecks checks) {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    for (String name : request.states()) {
      Arrays.stream(JobState.values())
          .filter(state -> Refusals.name(state).equals(name))
          .findFirst()
          .ifPresentOrElse(
              states::add, () -> checks.wrong("state", name, "must be one of " + STATES));
    }
    return states;
  }

  /** Ends a job that is not finished; a conflict when it is. */
  public Pending<StateAnswer> cancel(String id) {
    UUID which = JobId.parse(id);
    return steer(
        which,
        () -> pool.cancel(which),
        state ->
            conflict("job " + which + " is " + Refusals.name(state) + ", and cannot be cancelled"));
  }

  /** Lets a job begin at once, or anew; a conflict when it cannot. */
  public Pending<StateAnswer> retry(String id) {
    UUID which = JobId.parse(id);
    return steer(
        which,
        () -> pool.retry(which),
        state ->
            state.isFinished() && state != JobState.SUCCEEDED
                ? noRoom(which)
                : cannotRetry(which, state));
  }

  private static ProblemException cannotRetry(UUID id, JobState state) {
    return conflict("job " + id + " is " + Refusals.name(state) + ", and cannot be tried again");
  }

  private static ProblemException noRoom(UUID id) {
    return new ProblemException(
            ProblemType.QUEUE_FULL, "no room for job " + id + " in its queue, to be tried again")
        .with("retryAfter", Durations.format(Refusals.SOON))
        .retryAfter(Refusals.SOON);
  }

  private static Pending<StateAnswer> steer(
      UUID id, Supplier<Reply<Steered>> asking, Function<JobState, ProblemException> refused) {
    return Refusals.ask(
        asking,
        steered -> {
          if (steered instanceof Steered.Done(JobState state)) {
            return new StateAnswer(id, Refusals.name(state));
          }
          throw Refusals.problem(id, steered, refused);
        });
  }

  private static ProblemException conflict(String what) {
    return new ProblemException(ProblemType.CONFLICT, what);
  }
}
