package dev.sluice.pool.api;

import com.google.protobuf.Timestamp;
import dev.sluice.pool.grpc.Attempt;
import dev.sluice.pool.grpc.GetJobRequest;
import dev.sluice.pool.grpc.GetQueueRequest;
import dev.sluice.pool.grpc.Job;
import dev.sluice.pool.grpc.JobState;
import dev.sluice.pool.grpc.Queue;
import dev.sluice.pool.grpc.SubmitResponse;
import dev.sluice.pool.grpc.Target;
import dev.sluice.pool.grpc.WorkerPool;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import dev.sluice.service.json.JsonInput;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Locale;

/** {@code sluice.pool.v1.WorkerPool}. */
@GrpcService
public class PoolGrpc implements WorkerPool {
  private final SubmitOperation submit;
  private final GetJobOperation getJob;
  private final GetQueueOperation getQueue;
  private final JsonInput json;

  @Inject
  PoolGrpc(
      SubmitOperation submit, GetJobOperation getJob, GetQueueOperation getQueue, JsonInput json) {
    this.submit = submit;
    this.getJob = getJob;
    this.getQueue = getQueue;
    this.json = json;
  }

  @Override
  public Uni<SubmitResponse> submit(dev.sluice.pool.grpc.SubmitRequest message) {
    return Grpc.answerPending(() -> submit.submit(request(message)).thenApply(PoolGrpc::response));
  }

  @Override
  public Uni<Job> getJob(GetJobRequest message) {
    return Grpc.answer(() -> getJob.job(message.getId()).thenApply(PoolGrpc::job));
  }

  @Override
  public Uni<Queue> getQueue(GetQueueRequest message) {
    return Grpc.answer(() -> getQueue.queue().thenApply(PoolGrpc::queue));
  }

  private SubmitRequest request(dev.sluice.pool.grpc.SubmitRequest message) {
    return new SubmitRequest(
        message.hasTarget() ? target(message.getTarget()) : null,
        message.hasAttempts() ? message.getAttempts() : null,
        message.hasTimeout() ? ProtoDurations.of("timeout", message.getTimeout()) : null,
        message.hasBackoff() ? ProtoDurations.of("backoff", message.getBackoff()) : null,
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null);
  }

  private SubmitRequest.Target target(Target target) {
    return new SubmitRequest.Target(
        target.hasMethod() ? target.getMethod() : null,
        target.getUrl(),
        target.getHeadersMap(),
        target.hasBody() ? json.text("target.body", target.getBody()) : null);
  }

  private static SubmitResponse response(SubmitAnswer answer) {
    return SubmitResponse.newBuilder()
        .setId(answer.id().toString())
        .setState(state(answer.state()))
        .build();
  }

  private static Job job(JobAnswer answer) {
    var job =
        Job.newBuilder()
            .setId(answer.id().toString())
            .setState(state(answer.state()))
            .setMethod(answer.target().method())
            .setUrl(answer.target().url())
            .setMaxAttempts(answer.maxAttempts())
            .setTimeout(ProtoDurations.of(answer.timeout()))
            .setBackoff(ProtoDurations.of(answer.backoff()))
            .setAcceptedAt(timestamp(answer.acceptedAt()));
    answer.attempts().forEach(attempt -> job.addAttempts(attempt(attempt)));
    if (answer.nextAttemptAt() != null) {
      job.setNextAttemptAt(timestamp(answer.nextAttemptAt()));
    }
    if (answer.finishedAt() != null) {
      job.setFinishedAt(timestamp(answer.finishedAt()));
    }
    return job.build();
  }

  private static Attempt attempt(JobAnswer.AttemptAnswer answer) {
    var attempt =
        Attempt.newBuilder().setNumber(answer.number()).setStartedAt(timestamp(answer.startedAt()));
    if (answer.finishedAt() != null) {
      attempt.setFinishedAt(timestamp(answer.finishedAt()));
    }
    if (answer.status() != null) {
      attempt.setStatus(answer.status());
    }
    if (answer.error() != null) {
      attempt.setError(answer.error());
    }
    return attempt.build();
  }

  private static Queue queue(QueueAnswer answer) {
    return Queue.newBuilder()
        .setCapacity(answer.capacity())
        .setDepth(answer.depth())
        .setQueued(answer.queued())
        .setRunning(answer.running())
        .setRetrying(answer.retrying())
        .setWaiting(answer.waiting())
        .setWorkers(answer.workers())
        .setFinished(answer.finished())
        .setContent(answer.content())
        .setAccepted(answer.accepted())
        .setLoaded(answer.loaded())
        .setRefused(answer.refused())
        .setSucceeded(answer.succeeded())
        .setFailed(answer.failed())
        .setAttempts(answer.attempts())
        .setRetried(answer.retried())
        .setDraining(answer.draining())
        .build();
  }

  private static JobState state(String name) {
    return JobState.valueOf("JOB_STATE_" + name.toUpperCase(Locale.ROOT));
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
