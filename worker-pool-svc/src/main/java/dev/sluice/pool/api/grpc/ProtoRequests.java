package dev.sluice.pool.api.grpc;

import static dev.sluice.pool.api.grpc.ProtoTimes.duration;
import static dev.sluice.pool.api.grpc.ProtoTimes.instant;

import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.pool.api.Content;
import dev.sluice.pool.api.jobs.ListRequest;
import dev.sluice.pool.api.queues.QueueBody;
import dev.sluice.pool.api.schedules.ScheduleBody;
import dev.sluice.pool.api.submit.BackoffBody;
import dev.sluice.pool.api.submit.BatchRequest;
import dev.sluice.pool.api.submit.SubmitRequest;
import dev.sluice.pool.api.work.AckBody;
import dev.sluice.pool.api.work.ExtendBody;
import dev.sluice.pool.api.work.LeaseBody;
import dev.sluice.pool.api.work.NackBody;
import dev.sluice.pool.grpc.AckRequest;
import dev.sluice.pool.grpc.Backoff;
import dev.sluice.pool.grpc.Breaker;
import dev.sluice.pool.grpc.Debounce;
import dev.sluice.pool.grpc.ExtendRequest;
import dev.sluice.pool.grpc.JobState;
import dev.sluice.pool.grpc.LeaseRequest;
import dev.sluice.pool.grpc.ListJobsRequest;
import dev.sluice.pool.grpc.NackRequest;
import dev.sluice.pool.grpc.Payload;
import dev.sluice.pool.grpc.PutScheduleRequest;
import dev.sluice.pool.grpc.QueueSettings;
import dev.sluice.pool.grpc.Rate;
import dev.sluice.pool.grpc.SubmitBatchRequest;
import dev.sluice.pool.grpc.Target;
import dev.sluice.pool.grpc.WorkReady;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.json.JsonInput;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads gRPC's messages as what HTTP's bodies are. */
@Singleton
class ProtoRequests {
  private static final String STATE_PREFIX = "JOB_STATE_";

  private final JsonInput json;

  @Inject
  ProtoRequests(JsonInput json) {
    this.json = json;
  }

  SubmitRequest submit(dev.sluice.pool.grpc.SubmitRequest message, String path) {
    Content payload = content(path + "payload", message.getPayload());
    return new SubmitRequest(
        message.hasQueue() ? message.getQueue() : null,
        payload.json(),
        payload.bytes(),
        message.hasTarget() ? target(message.getTarget(), path + "target.") : null,
        switch (message.getPriority()) {
          case PRIORITY_UNSPECIFIED -> null;
          case PRIORITY_HIGH -> "high";
          case PRIORITY_NORMAL -> "normal";
          case UNRECOGNIZED -> throw unknown(path + "priority");
        },
        duration(path + "delay", message.hasDelay(), message.getDelay()),
        instant(path + "notBefore", message.hasNotBefore(), message.getNotBefore()),
        duration(path + "timeout", message.hasTimeout(), message.getTimeout()),
        instant(path + "deadline", message.hasDeadline(), message.getDeadline()),
        message.hasAttempts() ? message.getAttempts() : null,
        message.hasBackoff() ? backoff(message.getBackoff(), path + "backoff.") : null,
        message.hasIdempotencyKey() ? message.getIdempotencyKey() : null,
        message.hasGroup() ? message.getGroup() : null,
        message.hasDebounce() ? debounce(message.getDebounce(), path + "debounce.") : null,
        duration(path + "wait", message.hasWait(), message.getWait()));
  }

  BatchRequest batch(SubmitBatchRequest message) {
    var jobs = new ArrayList<@Nullable SubmitRequest>();
    for (int i = 0; i < message.getJobsCount(); i++) {
      String path = "jobs[" + i + "].";
      if (message.getJobs(i).hasResult()) {
        throw invalid(path + "result", "must not be given in a batch");
      }
      jobs.add(submit(message.getJobs(i), path));
    }
    return new BatchRequest(jobs, duration("wait", message.hasWait(), message.getWait()));
  }

  private SubmitRequest.Target target(Target message, String path) {
    return new SubmitRequest.Target(
        message.hasMethod() ? message.getMethod() : null,
        message.getUrl(),
        new LinkedHashMap<>(message.getHeadersMap()),
        message.hasBody() ? json.text(path + "body", message.getBody()) : null,
        null);
  }

  private static BackoffBody backoff(Backoff message, String path) {
    return new BackoffBody(
        duration(path + "initial", message.hasInitial(), message.getInitial()),
        message.hasFactor() ? message.getFactor() : null,
        duration(path + "max", message.hasMax(), message.getMax()),
        message.hasJitter() ? message.getJitter() : null);
  }

  private static SubmitRequest.DebounceBody debounce(Debounce message, String path) {
    return new SubmitRequest.DebounceBody(
        message.getKey(),
        duration(path + "quiet", message.hasQuiet(), message.getQuiet()),
        duration(path + "max", message.hasMax(), message.getMax()));
  }

  private Content content(String field, Payload message) {
    return switch (message.getFormCase()) {
      case JSON -> new Content(json.text(field + ".json", message.getJson()), null);
      case BYTES -> new Content(null, new Base64Bytes(message.getBytes().toByteArray()));
      case FORM_NOT_SET -> new Content(null, null);
    };
  }

  static LeaseBody lease(LeaseRequest message) {
    return new LeaseBody(
        message.hasMax() ? message.getMax() : null,
        duration("lease", message.hasLease(), message.getLease()),
        duration("wait", message.hasWait(), message.getWait()),
        message.hasWorker() ? message.getWorker() : null);
  }

  static LeaseBody lease(WorkReady message) {
    return new LeaseBody(
        1,
        duration("lease", message.hasLease(), message.getLease()),
        null,
        message.hasWorker() ? message.getWorker() : null);
  }

  AckBody ack(AckRequest message) {
    Content result = content("result", message.getResult());
    return new AckBody(message.getLease(), result.json(), result.bytes());
  }

  static NackBody nack(NackRequest message) {
    return new NackBody(
        message.getLease(),
        message.hasError() ? message.getError() : null,
        duration("delay", message.hasDelay(), message.getDelay()),
        message.getFinal() ? false : null,
        message.getUncounted() ? false : null);
  }

  ExtendBody extend(ExtendRequest message) {
    Content progress = content("progress", message.getProgress());
    return new ExtendBody(
        message.getLease(),
        duration("longer", message.hasLonger(), message.getLonger()),
        progress.json(),
        progress.bytes());
  }

  static ListRequest list(ListJobsRequest message) {
    return new ListRequest(
        message.hasQueue() ? message.getQueue() : null,
        message.getStatesList().stream().map(ProtoRequests::state).toList(),
        message.hasGroup() ? message.getGroup() : null,
        message.hasLimit() ? message.getLimit() : null,
        message.hasCursor() ? message.getCursor() : null);
  }

  private static String state(JobState state) {
    return switch (state) {
      case JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("states");
      case JOB_STATE_SCHEDULED,
          JOB_STATE_BLOCKED,
          JOB_STATE_QUEUED,
          JOB_STATE_RUNNING,
          JOB_STATE_RETRYING,
          JOB_STATE_SUCCEEDED,
          JOB_STATE_FAILED,
          JOB_STATE_CANCELLED ->
          state.name().substring(STATE_PREFIX.length()).toLowerCase(Locale.ROOT);
    };
  }

  static QueueBody queue(QueueSettings message) {
    return new QueueBody(
        switch (message.getKind()) {
          case QUEUE_KIND_UNSPECIFIED -> null;
          case QUEUE_KIND_PUSH -> "push";
          case QUEUE_KIND_PULL -> "pull";
          case UNRECOGNIZED -> throw unknown("kind");
        },
        message.hasCapacity() ? message.getCapacity() : null,
        message.hasCapacityBytes() ? message.getCapacityBytes() : null,
        message.hasWorkers() ? message.getWorkers() : null,
        duration("lease", message.hasLease(), message.getLease()),
        message.hasAttempts() ? message.getAttempts() : null,
        duration("timeout", message.hasTimeout(), message.getTimeout()),
        message.hasBackoff() ? backoff(message.getBackoff(), "backoff.") : null,
        message.hasRate() ? rate(message.getRate(), "rate.") : null,
        message.hasHostWorkers() ? message.getHostWorkers() : null,
        message.hasHostRate() ? rate(message.getHostRate(), "hostRate.") : null,
        message.hasBreaker() ? breaker(message.getBreaker()) : null,
        message.hasSecret() ? message.getSecret() : null,
        message.hasRetryClientErrors() ? message.getRetryClientErrors() : null,
        duration(
            "idempotencyWindow", message.hasIdempotencyWindow(), message.getIdempotencyWindow()),
        duration("keepSucceeded", message.hasKeepSucceeded(), message.getKeepSucceeded()),
        duration("keepFailed", message.hasKeepFailed(), message.getKeepFailed()));
  }

  private static QueueBody.RateBody rate(Rate message, String path) {
    return new QueueBody.RateBody(
        message.getLimit(),
        duration(path + "per", message.hasPer(), message.getPer()),
        message.hasBurst() ? message.getBurst() : null);
  }

  private static QueueBody.BreakerBody breaker(Breaker message) {
    return new QueueBody.BreakerBody(
        message.getFailures(), duration("breaker.open", message.hasOpen(), message.getOpen()));
  }

  ScheduleBody schedule(PutScheduleRequest message) {
    if (message.getJob().hasResult()) {
      throw invalid("job.result", "must not be given in a schedule");
    }
    return new ScheduleBody(
        message.getCron(),
        message.hasZone() ? message.getZone() : null,
        switch (message.getMissed()) {
          case MISSED_UNSPECIFIED -> null;
          case MISSED_SKIP -> "skip";
          case MISSED_CATCH_UP -> "catchUp";
          case UNRECOGNIZED -> throw unknown("missed");
        },
        message.hasJob() ? submit(message.getJob(), "job.") : null,
        message.getPaused());
  }

  private static ProblemException unknown(String field) {
    return invalid(field, "has a value that is not known");
  }

  static ProblemException invalid(String field, String what) {
    return ProblemException.invalid(List.of(new FieldError(field, null, what)));
  }
}
