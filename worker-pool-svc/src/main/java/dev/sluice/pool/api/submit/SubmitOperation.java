package dev.sluice.pool.api.submit;

import dev.sluice.pool.api.EdgeSettings;
import dev.sluice.pool.api.FieldChecks;
import dev.sluice.pool.api.Refusals;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.QueueSettings;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.process.RefusedException;
import dev.sluice.pool.process.SubmitPart;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.Durations;
import dev.sluice.service.FieldError;
import dev.sluice.service.Inputs;
import dev.sluice.service.Limits;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Submits jobs: what HTTP and gRPC have in common. */
@Singleton
public class SubmitOperation {
  private final WorkerPool pool;
  private final EdgeSettings settings;
  private final Limits limits;
  private final Inputs inputs;
  private final JobChecks jobChecks;

  @Inject
  SubmitOperation(
      WorkerPool pool, EdgeSettings settings, Limits limits, Inputs inputs, JobChecks jobChecks) {
    this.pool = pool;
    this.settings = settings;
    this.limits = limits;
    this.inputs = inputs;
    this.jobChecks = jobChecks;
  }

  /**
   * Submits one.
   *
   * @param result how long to wait for the job to finish; null: not at all
   * @return the answer, failed with a {@link ProblemException} when the job is refused. When it is
   *     abandoned before the job was accepted, the job never will be.
   * @throws ProblemException the request is not valid, or cannot be taken now
   */
  public Pending<SubmitAnswer> submit(SubmitRequest request, @Nullable Duration result) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    Duration end = maxWait("result", result, checks);
    Duration wait = maxWait("wait", request.maxWait(), checks);
    NewJob job = jobChecks.job(request, checks);
    checks.require();
    Pending<SubmitAnswer.Accepted> accepted =
        Refusals.ask(() -> pool.submit(job, wait), outcome -> answer(outcome, job, wait));
    return result == null
        ? accepted.thenApply(answer -> answer)
        : Refusals.then(accepted, answer -> awaited(answer, end));
  }

  /** As {@link #submit}, for the same request whose wait for the result came as text. */
  public Pending<SubmitAnswer> submitText(SubmitRequest request, @Nullable String result) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    Duration end = checks.durationText("result", result);
    checks.require();
    return submit(request, end);
  }

  /**
   * Submits several.
   *
   * @return an answer for each
   * @throws ProblemException one of them is not valid, or they cannot be taken now
   */
  public Pending<SubmitAnswer.Batch> submitAll(BatchRequest request) {
    FieldChecks checks = FieldChecks.of(limits.keyBytes());
    checks.required("jobs", request.jobs());
    Duration wait = maxWait("wait", request.maxWait(), checks);
    List<NewJob> jobs = request.jobs() == null ? List.of() : jobs(request.jobs(), checks);
    checks.require();
    return Refusals.ask(() -> pool.submitAll(jobs, wait), parts -> answer(parts, jobs, wait));
  }

  private List<NewJob> jobs(List<@Nullable SubmitRequest> requests, FieldChecks checks) {
    var jobs = new ArrayList<NewJob>();
    int place = 0;
    for (SubmitRequest request : inputs.batch("jobs", requests)) {
      String field = "jobs[" + place++ + "]";
      if (request == null) {
        checks.wrong(field, "is required");
      } else {
        FieldChecks within = checks.within(field);
        within.forbidden("wait", request.maxWait(), "is said of the batch, not of each job");
        jobs.add(jobChecks.job(request, within));
      }
    }
    return jobs;
  }

  private Duration maxWait(String field, @Nullable Duration wait, FieldChecks checks) {
    return checks.duration(field, wait, Duration.ZERO, settings.maxWait(), Duration.ZERO);
  }

  /** The job was accepted, so when its end cannot be waited for, that is the answer. */
  private Pending<SubmitAnswer> awaited(SubmitAnswer.Accepted accepted, Duration wait) {
    Pending<SubmitAnswer> end =
        Refusals.ask(
            () -> pool.awaitEnd(accepted.id(), wait),
            found -> found.map(job -> SubmitAnswer.Finished.of(accepted, job)).orElse(accepted));
    return new Pending<>(end.answer().exceptionally(_ -> accepted), end.reply());
  }

  private static SubmitAnswer.Batch answer(
      List<SubmitPart> parts, List<NewJob> jobs, Duration wait) {
    var results = new ArrayList<SubmitAnswer.Batch.Result>();
    for (int i = 0; i < parts.size(); i++) {
      try {
        results.add(
            switch (parts.get(i)) {
              case SubmitPart.Done(Submitted outcome) -> answer(outcome, jobs.get(i), wait);
              case SubmitPart.Refused(RefusedException why) -> throw Refusals.problem(why);
            });
      } catch (ProblemException refused) {
        results.add(SubmitAnswer.Batch.Refused.of(refused));
      }
    }
    return new SubmitAnswer.Batch(results);
  }

  private static SubmitAnswer.Accepted answer(Submitted outcome, NewJob job, Duration wait) {
    return switch (outcome) {
      case Submitted.Accepted(var id, var state) -> SubmitAnswer.Accepted.of(id, state, false);
      case Submitted.Existing(var id, var state) -> SubmitAnswer.Accepted.of(id, state, true);
      case Submitted.Mismatch(var id) ->
          throw new ProblemException(
                  ProblemType.CLAIM_MISMATCH,
                  "the idempotencyKey stands for job " + id + ", which has other content")
              .with("id", id.toString());
      case Submitted.Full full -> throw full(full, job, wait);
      case Submitted.WrongKind(QueueSettings.Kind kind) -> throw wrongKind(kind, job);
      case Submitted.TooManyQueues _ -> throw Refusals.tooManyQueues(job.queue());
    };
  }

  private static ProblemException wrongKind(QueueSettings.Kind kind, NewJob job) {
    String what =
        switch (kind) {
          case PUSH -> "is required: \"" + job.queue() + "\" is a push queue";
          case PULL -> "must not be given: \"" + job.queue() + "\" is a pull queue";
        };
    return ProblemException.invalid(List.of(new FieldError("target", null, what)));
  }

  private static ProblemException full(Submitted.Full full, NewJob job, Duration wait) {
    Duration roomIn = Objects.requireNonNullElse(full.roomIn(), Refusals.SOON);
    return new ProblemException(ProblemType.QUEUE_FULL, describe(full, job, wait))
        .with("depth", full.depth())
        .with("capacity", full.capacity())
        .with("bytes", full.bytes())
        .with("capacityBytes", full.capacityBytes())
        .with("retryAfter", Durations.format(roomIn))
        .retryAfter(roomIn);
  }

  private static String describe(Submitted.Full full, NewJob job, Duration wait) {
    String where =
        " in queue \""
            + job.queue()
            + (wait.isZero() ? "\"" : "\" within the wait of " + Durations.format(wait));
    return full.depth() < full.capacity()
        ? "no room for the payload of another job%s: %d of %d bytes are in use"
            .formatted(where, full.bytes(), full.capacityBytes())
        : "no room for another job%s: %d of %d are unfinished"
            .formatted(where, full.depth(), full.capacity());
  }
}
