package dev.sluice.pool.api.grpc;

import static dev.sluice.pool.api.grpc.ProtoTimes.timestamp;

import com.google.protobuf.ByteString;
import dev.sluice.pool.api.Base64Bytes;
import dev.sluice.pool.api.events.EventAnswer;
import dev.sluice.pool.api.jobs.JobAnswer;
import dev.sluice.pool.api.jobs.JobsAnswer;
import dev.sluice.pool.api.jobs.StateAnswer;
import dev.sluice.pool.api.submit.BackoffBody;
import dev.sluice.pool.api.submit.SubmitAnswer;
import dev.sluice.pool.api.work.ExtendAnswer;
import dev.sluice.pool.api.work.LeaseAnswer;
import dev.sluice.pool.grpc.Attempt;
import dev.sluice.pool.grpc.Backoff;
import dev.sluice.pool.grpc.Event;
import dev.sluice.pool.grpc.ExtendResponse;
import dev.sluice.pool.grpc.Job;
import dev.sluice.pool.grpc.JobState;
import dev.sluice.pool.grpc.JobStateResponse;
import dev.sluice.pool.grpc.LeaseResponse;
import dev.sluice.pool.grpc.LeasedJob;
import dev.sluice.pool.grpc.ListJobsResponse;
import dev.sluice.pool.grpc.Payload;
import dev.sluice.pool.grpc.Priority;
import dev.sluice.pool.grpc.SubmitBatchResponse;
import dev.sluice.pool.grpc.SubmitResponse;
import dev.sluice.pool.grpc.SubmitResult;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import dev.sluice.service.json.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes as gRPC's messages what HTTP's bodies are: jobs and what becomes of them. */
final class ProtoAnswers {
  private ProtoAnswers() {}

  static SubmitResponse submit(SubmitAnswer answer) {
    return switch (answer) {
      case SubmitAnswer.Accepted accepted -> accepted(accepted);
      case SubmitAnswer.Finished(JobAnswer job) ->
          SubmitResponse.newBuilder()
              .setId(job.id().toString())
              .setState(state(job.state()))
              .setJob(job(job))
              .build();
    };
  }

  private static SubmitResponse accepted(SubmitAnswer.Accepted accepted) {
    return SubmitResponse.newBuilder()
        .setId(accepted.id().toString())
        .setState(state(accepted.state()))
        .setExisting(accepted.existing() != null)
        .build();
  }

  static SubmitBatchResponse batch(SubmitAnswer.Batch answer) {
    var response = SubmitBatchResponse.newBuilder();
    for (SubmitAnswer.Batch.Result result : answer.results()) {
      response.addResults(
          switch (result) {
            case SubmitAnswer.Accepted accepted ->
                SubmitResult.newBuilder().setAccepted(accepted(accepted));
            case SubmitAnswer.Batch.Refused refused ->
                SubmitResult.newBuilder().setProblem(Grpc.status(refused.cause()));
          });
    }
    return response.build();
  }

  static LeaseResponse lease(LeaseAnswer answer) {
    var response = LeaseResponse.newBuilder();
    answer.jobs().forEach(job -> response.addJobs(leased(job)));
    return response.build();
  }

  static LeasedJob leased(LeaseAnswer.Leased job) {
    var message =
        LeasedJob.newBuilder()
            .setId(job.id().toString())
            .setQueue(job.queue())
            .setLease(job.lease())
            .setAttempt(job.attempt())
            .setMaxAttempts(job.maxAttempts())
            .setPayload(payload(job.payload(), job.payloadBase64()))
            .setAcceptedAt(timestamp(job.acceptedAt()))
            .setLeasedUntil(timestamp(job.leasedUntil()))
            .setExtendEvery(ProtoDurations.of(job.extendEvery()));
    set(job.group(), message::setGroup);
    set(job.deadline(), (Instant at) -> message.setDeadline(timestamp(at)));
    return message.build();
  }

  static JobStateResponse state(StateAnswer answer) {
    return JobStateResponse.newBuilder()
        .setId(answer.id().toString())
        .setState(state(answer.state()))
        .build();
  }

  static ExtendResponse extend(ExtendAnswer answer) {
    return ExtendResponse.newBuilder()
        .setId(answer.id().toString())
        .setLeasedUntil(timestamp(answer.leasedUntil()))
        .build();
  }

  static ListJobsResponse jobs(JobsAnswer answer) {
    var response = ListJobsResponse.newBuilder();
    answer.jobs().forEach(job -> response.addJobs(job(job)));
    set(answer.next(), response::setNext);
    return response.build();
  }

  static Job job(JobAnswer answer) {
    var job =
        Job.newBuilder()
            .setId(answer.id().toString())
            .setState(state(answer.state()))
            .setMaxAttempts(answer.maxAttempts())
            .setAcceptedAt(timestamp(answer.acceptedAt()))
            .setTimeout(ProtoDurations.of(answer.timeout()))
            .setBackoff(backoff(answer.backoff()))
            .setQueue(answer.queue())
            .setPriority(priority(answer.priority()))
            .setAttemptsMade(answer.attemptsMade());
    answer.attempts().forEach(attempt -> job.addAttempts(attempt(attempt)));
    set(
        answer.target(),
        (JobAnswer.TargetAnswer to) -> job.setMethod(to.method()).setUrl(to.url()));
    set(answer.group(), job::setGroup);
    set(answer.error(), job::setError);
    times(answer, job);
    payloads(answer, job);
    return job.build();
  }

  private static void times(JobAnswer answer, Job.Builder job) {
    set(answer.startedAt(), (Instant at) -> job.setStartedAt(timestamp(at)));
    set(answer.leasedUntil(), (Instant at) -> job.setLeasedUntil(timestamp(at)));
    set(answer.nextAttemptAt(), (Instant at) -> job.setNextAttemptAt(timestamp(at)));
    set(answer.deadline(), (Instant at) -> job.setDeadline(timestamp(at)));
    set(answer.finishedAt(), (Instant at) -> job.setFinishedAt(timestamp(at)));
  }

  private static void payloads(JobAnswer answer, Job.Builder job) {
    if (isThere(answer.payload(), answer.payloadBase64())) {
      job.setPayload(payload(answer.payload(), answer.payloadBase64()));
    }
    if (isThere(answer.progress(), answer.progressBase64())) {
      job.setProgress(payload(answer.progress(), answer.progressBase64()));
    }
    if (isThere(answer.result(), answer.resultBase64())) {
      job.setResult(payload(answer.result(), answer.resultBase64()));
    }
  }

  private static Attempt attempt(JobAnswer.AttemptAnswer answer) {
    var attempt =
        Attempt.newBuilder()
            .setNumber(answer.number())
            .setStartedAt(timestamp(answer.startedAt()))
            .setFinishedAt(timestamp(answer.finishedAt()));
    set(answer.status(), attempt::setStatus);
    set(answer.error(), attempt::setError);
    set(answer.worker(), attempt::setWorker);
    return attempt.build();
  }

  static Event event(EventAnswer answer) {
    var event =
        Event.newBuilder()
            .setId(answer.id().toString())
            .setQueue(answer.queue())
            .setState(state(answer.state()))
            .setAttempt(answer.attempt())
            .setAt(timestamp(answer.at()));
    set(answer.due(), (Instant at) -> event.setDue(timestamp(at)));
    set(answer.error(), event::setError);
    if (isThere(answer.progress(), answer.progressBase64())) {
      event.setProgress(payload(answer.progress(), answer.progressBase64()));
    }
    return event.build();
  }

  static Backoff backoff(BackoffBody body) {
    var backoff = Backoff.newBuilder();
    set(body.initial(), (Duration d) -> backoff.setInitial(ProtoDurations.of(d)));
    set(body.factor(), backoff::setFactor);
    set(body.max(), (Duration d) -> backoff.setMax(ProtoDurations.of(d)));
    set(body.jitter(), backoff::setJitter);
    return backoff.build();
  }

  static Payload payload(@Nullable JsonText json, @Nullable Base64Bytes bytes) {
    var payload = Payload.newBuilder();
    set(json, (JsonText text) -> payload.setJson(text.text()));
    set(bytes, (Base64Bytes some) -> payload.setBytes(ByteString.copyFrom(some.bytes())));
    return payload.build();
  }

  static Priority priority(String name) {
    return name.equals("high") ? Priority.PRIORITY_HIGH : Priority.PRIORITY_NORMAL;
  }

  static JobState state(String name) {
    return JobState.valueOf("JOB_STATE_" + name.toUpperCase(Locale.ROOT));
  }

  private static boolean isThere(@Nullable JsonText json, @Nullable Base64Bytes bytes) {
    return json != null || bytes != null;
  }

  /** What is null is not set. */
  static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
