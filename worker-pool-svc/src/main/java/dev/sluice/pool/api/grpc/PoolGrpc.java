package dev.sluice.pool.api.grpc;

import dev.sluice.pool.api.events.EventsOperation;
import dev.sluice.pool.api.events.Watched;
import dev.sluice.pool.api.jobs.JobsOperation;
import dev.sluice.pool.api.queues.CountAnswer;
import dev.sluice.pool.api.queues.QueuesOperation;
import dev.sluice.pool.api.schedules.SchedulesOperation;
import dev.sluice.pool.api.submit.SubmitOperation;
import dev.sluice.pool.api.work.WorkOperation;
import dev.sluice.pool.grpc.AckRequest;
import dev.sluice.pool.grpc.CancelJobRequest;
import dev.sluice.pool.grpc.ConfigureQueueRequest;
import dev.sluice.pool.grpc.DeleteQueueRequest;
import dev.sluice.pool.grpc.DeleteQueueResponse;
import dev.sluice.pool.grpc.DeleteScheduleRequest;
import dev.sluice.pool.grpc.DeleteScheduleResponse;
import dev.sluice.pool.grpc.Event;
import dev.sluice.pool.grpc.ExtendRequest;
import dev.sluice.pool.grpc.ExtendResponse;
import dev.sluice.pool.grpc.GetJobRequest;
import dev.sluice.pool.grpc.GetQueueRequest;
import dev.sluice.pool.grpc.GetScheduleRequest;
import dev.sluice.pool.grpc.Job;
import dev.sluice.pool.grpc.JobCountResponse;
import dev.sluice.pool.grpc.JobStateResponse;
import dev.sluice.pool.grpc.LeaseRequest;
import dev.sluice.pool.grpc.LeaseResponse;
import dev.sluice.pool.grpc.ListJobsRequest;
import dev.sluice.pool.grpc.ListJobsResponse;
import dev.sluice.pool.grpc.ListQueuesRequest;
import dev.sluice.pool.grpc.ListQueuesResponse;
import dev.sluice.pool.grpc.ListSchedulesRequest;
import dev.sluice.pool.grpc.ListSchedulesResponse;
import dev.sluice.pool.grpc.NackRequest;
import dev.sluice.pool.grpc.PauseQueueRequest;
import dev.sluice.pool.grpc.PauseQueueResponse;
import dev.sluice.pool.grpc.PurgeQueueRequest;
import dev.sluice.pool.grpc.PutScheduleRequest;
import dev.sluice.pool.grpc.Queue;
import dev.sluice.pool.grpc.RedriveQueueRequest;
import dev.sluice.pool.grpc.ResumeQueueRequest;
import dev.sluice.pool.grpc.ResumeQueueResponse;
import dev.sluice.pool.grpc.RetryJobRequest;
import dev.sluice.pool.grpc.Schedule;
import dev.sluice.pool.grpc.SubmitBatchRequest;
import dev.sluice.pool.grpc.SubmitBatchResponse;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.SubmitResponse;
import dev.sluice.pool.grpc.WatchRequest;
import dev.sluice.pool.grpc.WorkRequest;
import dev.sluice.pool.grpc.WorkResponse;
import dev.sluice.pool.grpc.WorkerPoolGrpc;
import dev.sluice.service.Pending;
import dev.sluice.service.grpc.CheckedMessages;
import dev.sluice.service.grpc.Grpc;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/** {@code sluice.pool.v1.WorkerPool}. */
@GrpcService
public class PoolGrpc extends WorkerPoolGrpc.WorkerPoolImplBase {
  private final SubmitOperation submit;
  private final WorkOperation work;
  private final JobsOperation jobs;
  private final EventsOperation events;
  private final QueuesOperation queues;
  private final SchedulesOperation schedules;
  private final WorkStreams streams;
  private final ProtoRequests requests;

  @Inject
  PoolGrpc(
      SubmitOperation submit,
      WorkOperation work,
      JobsOperation jobs,
      EventsOperation events,
      QueuesOperation queues,
      SchedulesOperation schedules,
      WorkStreams streams,
      ProtoRequests requests) {
    this.submit = submit;
    this.work = work;
    this.jobs = jobs;
    this.events = events;
    this.queues = queues;
    this.schedules = schedules;
    this.streams = streams;
    this.requests = requests;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CheckedMessages.of(super.bindService());
  }

  @Override
  public void submit(SubmitRequest message, StreamObserver<SubmitResponse> caller) {
    Grpc.answerPending(
        caller,
        submit
            .submit(
                requests.submit(message, ""),
                ProtoTimes.duration("result", message.hasResult(), message.getResult()))
            .thenApply(ProtoAnswers::submit));
  }

  @Override
  public void submitBatch(SubmitBatchRequest message, StreamObserver<SubmitBatchResponse> caller) {
    Grpc.answerPending(
        caller, submit.submitAll(requests.batch(message)).thenApply(ProtoAnswers::batch));
  }

  @Override
  public void lease(LeaseRequest message, StreamObserver<LeaseResponse> caller) {
    Grpc.answerPending(
        caller,
        work.lease(message.getQueue(), ProtoRequests.lease(message))
            .thenApply(ProtoAnswers::lease));
  }

  @Override
  public void ack(AckRequest message, StreamObserver<JobStateResponse> caller) {
    Grpc.answerPending(
        caller, work.ack(message.getId(), requests.ack(message)).thenApply(ProtoAnswers::state));
  }

  @Override
  public void nack(NackRequest message, StreamObserver<JobStateResponse> caller) {
    Grpc.answerPending(
        caller,
        work.nack(message.getId(), ProtoRequests.nack(message)).thenApply(ProtoAnswers::state));
  }

  @Override
  public void extend(ExtendRequest message, StreamObserver<ExtendResponse> caller) {
    Grpc.answerPending(
        caller,
        work.extend(message.getId(), requests.extend(message)).thenApply(ProtoAnswers::extend));
  }

  @Override
  public StreamObserver<WorkRequest> work(StreamObserver<WorkResponse> caller) {
    return streams.open(caller);
  }

  @Override
  public void getJob(GetJobRequest message, StreamObserver<Job> caller) {
    Grpc.answerPending(caller, jobs.job(message.getId()).thenApply(ProtoAnswers::job));
  }

  @Override
  public void listJobs(ListJobsRequest message, StreamObserver<ListJobsResponse> caller) {
    Grpc.answerPending(
        caller, jobs.list(ProtoRequests.list(message)).thenApply(ProtoAnswers::jobs));
  }

  @Override
  public void cancelJob(CancelJobRequest message, StreamObserver<JobStateResponse> caller) {
    Grpc.answerPending(caller, jobs.cancel(message.getId()).thenApply(ProtoAnswers::state));
  }

  @Override
  public void retryJob(RetryJobRequest message, StreamObserver<JobStateResponse> caller) {
    Grpc.answerPending(caller, jobs.retry(message.getId()).thenApply(ProtoAnswers::state));
  }

  @Override
  public void watch(WatchRequest message, StreamObserver<Event> caller) {
    Pending<Watched> pending =
        switch (message.getSubjectCase()) {
          case JOB -> events.watchJob(message.getJob());
          case QUEUE -> events.watchQueue(message.getQueue());
          case SUBJECT_NOT_SET -> throw ProtoRequests.invalid("subject", "is required");
        };
    var watch = new GrpcWatch((ServerCallStreamObserver<Event>) caller);
    pending
        .thenApply(watched -> events.start(watched, watch))
        .answer()
        .whenComplete((_, failure) -> {
          if (failure != null) {
            watch.fail(failure);
          }
        });
  }

  @Override
  public void listQueues(ListQueuesRequest message, StreamObserver<ListQueuesResponse> caller) {
    Grpc.answerPending(caller, queues.queues().thenApply(ProtoQueues::queues));
  }

  @Override
  public void getQueue(GetQueueRequest message, StreamObserver<Queue> caller) {
    Grpc.answerPending(caller, queues.queue(message.getName()).thenApply(ProtoQueues::queue));
  }

  @Override
  public void configureQueue(ConfigureQueueRequest message, StreamObserver<Queue> caller) {
    Grpc.answerPending(
        caller,
        queues
            .configure(message.getName(), ProtoRequests.queue(message.getSettings()))
            .thenApply(ProtoQueues::queue));
  }

  @Override
  public void deleteQueue(DeleteQueueRequest message, StreamObserver<DeleteQueueResponse> caller) {
    Grpc.answerPending(
        caller,
        queues.remove(message.getName()).thenApply(_ -> DeleteQueueResponse.getDefaultInstance()));
  }

  @Override
  public void pauseQueue(PauseQueueRequest message, StreamObserver<PauseQueueResponse> caller) {
    Grpc.answerPending(
        caller,
        queues
            .pause(message.getName(), true)
            .thenApply(_ -> PauseQueueResponse.getDefaultInstance()));
  }

  @Override
  public void resumeQueue(ResumeQueueRequest message, StreamObserver<ResumeQueueResponse> caller) {
    Grpc.answerPending(
        caller,
        queues
            .pause(message.getName(), false)
            .thenApply(_ -> ResumeQueueResponse.getDefaultInstance()));
  }

  @Override
  public void purgeQueue(PurgeQueueRequest message, StreamObserver<JobCountResponse> caller) {
    Grpc.answerPending(
        caller, queues.purge(message.getName(), message.getDead()).thenApply(PoolGrpc::count));
  }

  @Override
  public void redriveQueue(RedriveQueueRequest message, StreamObserver<JobCountResponse> caller) {
    Grpc.answerPending(caller, queues.redrive(message.getName()).thenApply(PoolGrpc::count));
  }

  @Override
  public void listSchedules(
      ListSchedulesRequest message, StreamObserver<ListSchedulesResponse> caller) {
    Grpc.answerPending(caller, schedules.schedules().thenApply(ProtoQueues::schedules));
  }

  @Override
  public void getSchedule(GetScheduleRequest message, StreamObserver<Schedule> caller) {
    Grpc.answerPending(
        caller, schedules.schedule(message.getName()).thenApply(ProtoQueues::schedule));
  }

  @Override
  public void putSchedule(PutScheduleRequest message, StreamObserver<Schedule> caller) {
    Grpc.answerPending(
        caller,
        schedules
            .put(message.getName(), requests.schedule(message))
            .thenApply(ProtoQueues::schedule));
  }

  @Override
  public void deleteSchedule(
      DeleteScheduleRequest message, StreamObserver<DeleteScheduleResponse> caller) {
    Grpc.answerPending(
        caller,
        schedules
            .remove(message.getName())
            .thenApply(_ -> DeleteScheduleResponse.getDefaultInstance()));
  }

  private static JobCountResponse count(CountAnswer answer) {
    return JobCountResponse.newBuilder().setJobs(answer.jobs()).build();
  }
}
