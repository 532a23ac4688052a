package dev.sluice.pool.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import dev.sluice.pool.grpc.AckRequest;
import dev.sluice.pool.grpc.Backoff;
import dev.sluice.pool.grpc.Breaker;
import dev.sluice.pool.grpc.CancelJobRequest;
import dev.sluice.pool.grpc.ConfigureQueueRequest;
import dev.sluice.pool.grpc.Debounce;
import dev.sluice.pool.grpc.DeleteQueueRequest;
import dev.sluice.pool.grpc.DeleteScheduleRequest;
import dev.sluice.pool.grpc.Event;
import dev.sluice.pool.grpc.ExtendRequest;
import dev.sluice.pool.grpc.GetJobRequest;
import dev.sluice.pool.grpc.GetQueueRequest;
import dev.sluice.pool.grpc.GetScheduleRequest;
import dev.sluice.pool.grpc.Job;
import dev.sluice.pool.grpc.JobState;
import dev.sluice.pool.grpc.LeaseRequest;
import dev.sluice.pool.grpc.LeasedJob;
import dev.sluice.pool.grpc.ListJobsRequest;
import dev.sluice.pool.grpc.ListQueuesRequest;
import dev.sluice.pool.grpc.ListSchedulesRequest;
import dev.sluice.pool.grpc.Missed;
import dev.sluice.pool.grpc.NackRequest;
import dev.sluice.pool.grpc.PauseQueueRequest;
import dev.sluice.pool.grpc.Payload;
import dev.sluice.pool.grpc.Priority;
import dev.sluice.pool.grpc.PurgeQueueRequest;
import dev.sluice.pool.grpc.PutScheduleRequest;
import dev.sluice.pool.grpc.Queue;
import dev.sluice.pool.grpc.QueueKind;
import dev.sluice.pool.grpc.QueueSettings;
import dev.sluice.pool.grpc.Rate;
import dev.sluice.pool.grpc.RedriveQueueRequest;
import dev.sluice.pool.grpc.ResumeQueueRequest;
import dev.sluice.pool.grpc.RetryJobRequest;
import dev.sluice.pool.grpc.Schedule;
import dev.sluice.pool.grpc.SubmitBatchRequest;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.SubmitResponse;
import dev.sluice.pool.grpc.Target;
import dev.sluice.pool.grpc.WatchRequest;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@code sluice.pool.v1.WorkerPool}. */
@QuarkusTest
@Timeout(120)
class PoolGrpcTest {
  private static final String UNKNOWN = "01a20ad0-bb83-71aa-98a5-41655ff84edd";

  @GrpcClient("pool")
  WorkerPoolBlockingStub pool;

  private final String queue = Pool.newQueue();
  private final Channel<Received> received = Channel.buffered(100);

  /** Answers with the status in the path. */
  private final TargetServer target =
      new TargetServer((got, exchange) -> {
        received.trySend(got);
        TargetServer.answer(exchange, Integer.parseInt(got.uri().getPath().substring(1)));
      });

  @AfterEach
  void close() {
    target.close();
  }

  // Push

  @Test
  void acceptsAJobAndCallsItsTarget() throws Exception {
    SubmitResponse response =
        pool.submit(
            SubmitRequest.newBuilder()
                .setTarget(
                    Target.newBuilder()
                        .setMethod("PUT")
                        .setUrl(target.url("/200").toString())
                        .putHeaders("x", "y")
                        .setBody("{\"n\": 1.00}"))
                .setAttempts(5)
                .setTimeout(millis(2_000))
                .setBackoff(Backoff.newBuilder().setInitial(millis(100)))
                .setWait(millis(250))
                .build());
    assertEquals(JobState.JOB_STATE_QUEUED, response.getState());
    assertFalse(response.getExisting());

    Received call = received.receive();
    assertEquals("PUT", call.method());
    assertEquals("y", call.header("x"));
    assertEquals("{\"n\":1.00}", call.body());
    assertEquals(response.getId(), call.header("Idempotency-Key"));

    Job job = awaitState(response.getId(), JobState.JOB_STATE_SUCCEEDED);
    assertEquals("push", job.getQueue());
    assertEquals("PUT", job.getMethod());
    assertEquals(target.url("/200").toString(), job.getUrl());
    assertEquals(5, job.getMaxAttempts());
    assertEquals(1, job.getAttemptsMade());
    assertEquals(millis(2_000), job.getTimeout());
    assertEquals(millis(100), job.getBackoff().getInitial());
    assertTrue(job.hasAcceptedAt() && job.hasFinishedAt());
    assertFalse(job.hasNextAttemptAt());
    assertEquals(1, job.getAttemptsCount());
    assertEquals(1, job.getAttempts(0).getNumber());
    assertEquals(200, job.getAttempts(0).getStatus());
    assertFalse(job.getAttempts(0).hasError());
    assertTrue(job.getAttempts(0).hasStartedAt() && job.getAttempts(0).hasFinishedAt());
  }

  @Test
  void theSameDefaultsAsOverHttp() throws Exception {
    String id = pool.submit(to("/500").build()).getId();

    assertEquals("POST", received.receive().method());
    Job job = awaitState(id, JobState.JOB_STATE_RETRYING);
    assertEquals(3, job.getMaxAttempts());
    assertEquals(millis(10_000), job.getTimeout());
    assertEquals(millis(1_000), job.getBackoff().getInitial());
    assertTrue(job.hasNextAttemptAt());
    assertFalse(job.hasFinishedAt());
  }

  @Test
  void answersTheResultOfAJobThatIsFinishedInTime() {
    SubmitResponse response = pool.submit(to("/200").setResult(millis(10_000)).build());
    assertEquals(JobState.JOB_STATE_SUCCEEDED, response.getState());
    assertEquals(response.getId(), response.getJob().getId());
  }

  // Pull

  @Test
  void handsOutExtendsAndEndsAJob() {
    String id =
        pool.submit(
                inQueue()
                    .setPayload(Payload.newBuilder().setJson("{\"a\":1.0}"))
                    .setPriority(Priority.PRIORITY_HIGH)
                    .setGroup("g")
                    .setDeadline(Timestamp.newBuilder().setSeconds(32_000_000_000L))
                    .build())
            .getId();
    LeasedJob leased = leased();
    assertEquals(id, leased.getId());
    assertEquals("{\"a\":1.0}", leased.getPayload().getJson());
    assertEquals(1, leased.getAttempt());
    assertEquals(3, leased.getMaxAttempts());
    assertEquals("g", leased.getGroup());
    assertEquals(millis(15_000), leased.getExtendEvery());
    assertEquals(32_000_000_000L, leased.getDeadline().getSeconds());

    var until =
        pool.extend(
                ExtendRequest.newBuilder()
                    .setId(id)
                    .setLease(leased.getLease())
                    .setLonger(millis(60_000))
                    .setProgress(Payload.newBuilder().setJson("7"))
                    .build())
            .getLeasedUntil();
    assertTrue(until.getSeconds() > leased.getLeasedUntil().getSeconds());
    assertEquals("7", find(id).getProgress().getJson());

    var bytes = ByteString.copyFrom(new byte[] {0, -1});
    assertEquals(
        JobState.JOB_STATE_SUCCEEDED,
        pool.ack(
                AckRequest.newBuilder()
                    .setId(id)
                    .setLease(leased.getLease())
                    .setResult(Payload.newBuilder().setBytes(bytes))
                    .build())
            .getState());
    Job job = find(id);
    assertEquals(bytes, job.getResult().getBytes());
    assertEquals(Priority.PRIORITY_HIGH, job.getPriority());
    assertRefused(Status.Code.ABORTED, "CLAIM_LOST", () -> pool.ack(ack(leased)));
  }

  @Test
  void aNackIsTriedAgainOrNot() {
    pool.submit(inQueue().build());
    LeasedJob leased = leased();
    var nack = NackRequest.newBuilder().setId(leased.getId()).setError("no");
    assertEquals(
        JobState.JOB_STATE_RETRYING,
        pool.nack(nack.setLease(leased.getLease()).setDelay(millis(60_000)).build()).getState());
    pool.retryJob(RetryJobRequest.newBuilder().setId(leased.getId()).build());
    assertEquals(
        JobState.JOB_STATE_QUEUED,
        pool.nack(
                NackRequest.newBuilder()
                    .setId(leased.getId())
                    .setLease(leased().getLease())
                    .setUncounted(true)
                    .build())
            .getState());
    assertEquals(
        JobState.JOB_STATE_FAILED,
        pool.nack(nack.clearDelay().setLease(leased().getLease()).setFinal(true).build())
            .getState());
    assertEquals("no", find(leased.getId()).getError());
  }

  @Test
  void theSameIdempotencyKeyIsTheSameJob() {
    SubmitRequest request = inQueue().setIdempotencyKey("k").build();
    String id = pool.submit(request).getId();
    SubmitResponse again = pool.submit(request);
    assertEquals(id, again.getId());
    assertTrue(again.getExisting());
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        "CLAIM_MISMATCH",
        () ->
            pool.submit(request.toBuilder().setPayload(Payload.newBuilder().setJson("1")).build()));
  }

  @Test
  void aBatchIsAnsweredInPlace() {
    var response =
        pool.submitBatch(
            SubmitBatchRequest.newBuilder()
                .addJobs(inQueue())
                .addJobs(SubmitRequest.newBuilder().setQueue("push"))
                .build());
    assertEquals(JobState.JOB_STATE_QUEUED, response.getResults(0).getAccepted().getState());
    assertTrue(response.getResults(1).getProblem().getMessage().contains("target: is required"));
  }

  @Test
  void aFullQueueIsResourceExhausted() {
    configure(QueueSettings.newBuilder().setCapacity(1));
    pool.submit(inQueue().build());
    assertRefused(
        Status.Code.RESOURCE_EXHAUSTED, "QUEUE_FULL", () -> pool.submit(inQueue().build()));
  }

  // Jobs

  @Test
  void sharesTheJobsWithHttp() {
    String id = pool.submit(to("/200").build()).getId();

    assertEquals(id, Pool.job(id).statusCode(200).extract().path("id"));
  }

  @Test
  void aJobThatIsNotKnownIsNotFound() {
    for (String id : List.of("", "nosuch", UNKNOWN)) {
      assertNotFound(() -> pool.getJob(GetJobRequest.newBuilder().setId(id).build()));
      assertNotFound(() -> pool.cancelJob(CancelJobRequest.newBuilder().setId(id).build()));
      assertNotFound(() -> pool.retryJob(RetryJobRequest.newBuilder().setId(id).build()));
      assertNotFound(() -> watch(WatchRequest.newBuilder().setJob(id)).next());
      var lease = "0000000000000001";
      assertNotFound(() -> pool.ack(AckRequest.newBuilder().setId(id).setLease(lease).build()));
      assertNotFound(() -> pool.nack(NackRequest.newBuilder().setId(id).setLease(lease).build()));
      assertNotFound(
          () -> pool.extend(ExtendRequest.newBuilder().setId(id).setLease(lease).build()));
    }
  }

  @Test
  void listsAndCancels() {
    String first = pool.submit(inQueue().build()).getId();
    String second = pool.submit(inQueue().build()).getId();
    var page = pool.listJobs(list().setLimit(1).build());
    assertEquals(second, page.getJobs(0).getId());
    assertEquals(
        first,
        pool.listJobs(list().setLimit(1).setCursor(page.getNext()).build()).getJobs(0).getId());

    assertEquals(
        JobState.JOB_STATE_CANCELLED,
        pool.cancelJob(CancelJobRequest.newBuilder().setId(first).build()).getState());
    assertEquals(
        first,
        pool.listJobs(list().addStates(JobState.JOB_STATE_CANCELLED).build()).getJobs(0).getId());
    assertRefused(
        Status.Code.ALREADY_EXISTS,
        "CONFLICT",
        () -> pool.cancelJob(CancelJobRequest.newBuilder().setId(first).build()));
  }

  @Test
  void watchesAJobUntilItIsFinished() {
    String id = pool.submit(inQueue().build()).getId();
    Iterator<Event> events = watch(WatchRequest.newBuilder().setJob(id));
    assertEquals(JobState.JOB_STATE_QUEUED, events.next().getState());
    LeasedJob leased = leased();
    assertEquals(JobState.JOB_STATE_RUNNING, events.next().getState());
    pool.extend(
        ExtendRequest.newBuilder()
            .setId(id)
            .setLease(leased.getLease())
            .setProgress(Payload.newBuilder().setJson("1"))
            .build());
    assertEquals("1", events.next().getProgress().getJson());
    pool.ack(ack(leased));
    assertEquals(JobState.JOB_STATE_SUCCEEDED, events.next().getState());
    assertFalse(events.hasNext());
  }

  // Queues

  @Test
  void queuesAreMadeLookedAtSteeredAndDeleted() {
    assertNotFound(this::look);
    configure(
        QueueSettings.newBuilder()
            .setKind(QueueKind.QUEUE_KIND_PUSH)
            .setWorkers(2)
            .setSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .setRate(Rate.newBuilder().setLimit(5))
            .setBreaker(Breaker.newBuilder().setFailures(3).setOpen(millis(1_000)))
            .setKeepFailed(millis(1_000)));
    Queue made = look();
    assertTrue(made.getConfigured());
    assertEquals(QueueKind.QUEUE_KIND_PUSH, made.getSettings().getKind());
    assertEquals(2, made.getSettings().getWorkers());
    assertEquals("set", made.getSettings().getSecret());
    assertEquals(5, made.getSettings().getRate().getBurst());
    assertEquals(3, made.getSettings().getBreaker().getFailures());
    configure(QueueSettings.newBuilder().setKind(QueueKind.QUEUE_KIND_PULL));

    pool.submit(inQueue().build());
    pool.pauseQueue(PauseQueueRequest.newBuilder().setName(queue).build());
    assertTrue(look().getPaused());
    pool.resumeQueue(ResumeQueueRequest.newBuilder().setName(queue).build());
    assertFalse(look().getPaused());
    Queue counted = look();
    while (counted.getQueued() == 0) { // an engine may count every two seconds only
      counted = look();
    }
    assertEquals(1, counted.getQueued());
    assertEquals(1, counted.getDepth());
    assertTrue(
        pool.listQueues(ListQueuesRequest.getDefaultInstance()).getQueuesList().stream()
            .anyMatch(each -> each.getName().equals(queue)));
    assertRefused(
        Status.Code.ALREADY_EXISTS,
        "CONFLICT",
        () -> configure(QueueSettings.newBuilder().setKind(QueueKind.QUEUE_KIND_PUSH)));
    assertEquals(1, pool.purgeQueue(purge(false)).getJobs());
    pool.deleteQueue(DeleteQueueRequest.newBuilder().setName(queue).build());
    assertNotFound(this::look);
  }

  @Test
  void deadLettersAreRedrivenAndPurged() {
    pool.submit(inQueue().build());
    for (int round = 0; round < 2; round++) {
      LeasedJob leased = leased();
      pool.nack(
          NackRequest.newBuilder()
              .setId(leased.getId())
              .setLease(leased.getLease())
              .setFinal(true)
              .build());
      if (round == 0) {
        assertEquals(
            1,
            pool.redriveQueue(RedriveQueueRequest.newBuilder().setName(queue).build()).getJobs());
      }
    }
    assertEquals(1, pool.purgeQueue(purge(true)).getJobs());
  }

  // Schedules

  @Test
  void schedulesAreMadeShownAndDeleted() {
    String name = "s-" + UUID.randomUUID();
    var get = GetScheduleRequest.newBuilder().setName(name).build();
    assertNotFound(() -> pool.getSchedule(get));
    Schedule made =
        pool.putSchedule(
            PutScheduleRequest.newBuilder()
                .setName(name)
                .setCron("0 3 1 1 *")
                .setZone("Europe/Berlin")
                .setMissed(Missed.MISSED_CATCH_UP)
                .setJob(
                    inQueue()
                        .setPayload(Payload.newBuilder().setJson("1"))
                        .setDebounce(Debounce.newBuilder().setKey("k").setQuiet(millis(1_000))))
                .build());
    assertEquals(made, pool.getSchedule(get));
    assertEquals("Europe/Berlin", made.getZone());
    assertEquals(Missed.MISSED_CATCH_UP, made.getMissed());
    assertEquals(queue, made.getJob().getQueue());
    assertEquals("1", made.getJob().getPayload().getJson());
    assertEquals(millis(10_000), made.getJob().getDebounce().getMax());
    assertTrue(made.hasNext());
    assertTrue(
        pool.listSchedules(ListSchedulesRequest.getDefaultInstance()).getSchedulesList().stream()
            .anyMatch(each -> each.getName().equals(name)));
    pool.deleteSchedule(DeleteScheduleRequest.newBuilder().setName(name).build());
    assertNotFound(() -> pool.getSchedule(get));
  }

  // Bad input

  @Test
  void badInputIsInvalidArgumentThatNamesIt() {
    assertInvalid("target.url", SubmitRequest.newBuilder().setTarget(Target.newBuilder()));
    assertInvalid("target.url", url("ftp://a/"));
    assertInvalid("target.url", url("http://a/" + "x".repeat(10_000)));
    assertInvalid("target.method", target(Target.newBuilder().setMethod("FETCH")));
    assertInvalid("target.method", target(Target.newBuilder().setMethod("")));
    assertInvalid("target.headers", target(Target.newBuilder().putHeaders("Host", "b")));
    assertInvalid("target.headers.x", target(Target.newBuilder().putHeaders("x", "\n")));
    assertInvalid("target.body", target(Target.newBuilder().setBody("{\"a\":")));
    assertInvalid("target.body", target(Target.newBuilder().setBody("")));
    assertInvalid(
        "target.body.k: \"\\uD800\" is not allowed",
        target(Target.newBuilder().setBody("{\"k\":\"\\ud800\"}")));
    assertInvalid(
        "target.body: asks for too much", target(Target.newBuilder().setBody("[".repeat(5_000))));
    assertInvalid("target.body", target(Target.newBuilder().setBody("{} {}")));
    assertInvalid("target.body", target(Target.newBuilder().setBody("{\"a\":1,\"a\":2}")));
    assertInvalid("target.body", target(Target.newBuilder().setBody("{}").setMethod("GET")));
    assertInvalid("attempts", to("/200").setAttempts(0));
    assertInvalid("attempts", to("/200").setAttempts(101));
    assertInvalid("timeout", to("/200").setTimeout(millis(0)));
    assertInvalid("timeout", to("/200").setTimeout(seconds(Long.MIN_VALUE)));
    assertInvalid("wait", to("/200").setWait(seconds(1).toBuilder().setNanos(-5)));
    assertInvalid("timeout", to("/200").setTimeout(millis(600_001)));
    assertInvalid("timeout", to("/200").setTimeout(seconds(Long.MAX_VALUE)));
    assertInvalid("backoff.initial", backoff(Backoff.newBuilder().setInitial(millis(0))));
    assertInvalid("backoff.initial", backoff(Backoff.newBuilder().setInitial(seconds(-1))));
    assertInvalid("backoff.factor", backoff(Backoff.newBuilder().setFactor(Double.NaN)));
    assertInvalid("backoff.jitter", backoff(Backoff.newBuilder().setJitter(-1)));
    assertInvalid("wait", to("/200").setWait(seconds(-1)));
    assertInvalid("wait", to("/200").setWait(millis(30_001)));
    assertInvalid("wait", to("/200").setWait(seconds(Long.MAX_VALUE)));
    assertInvalid("result", to("/200").setResult(millis(30_001)));
    assertInvalid("queue", SubmitRequest.newBuilder().setQueue(""));
    assertInvalid("priority", inQueue().setPriorityValue(99));
    assertInvalid("payload", inQueue().setPayload(Payload.newBuilder().setJson("{")));
    assertInvalid("group", inQueue().setGroup(""));
    assertInvalid("idempotencyKey", inQueue().setIdempotencyKey("\u0000"));
    assertInvalid("debounce.key", inQueue().setDebounce(Debounce.getDefaultInstance()));
    assertInvalid("notBefore", inQueue().setNotBefore(Timestamp.newBuilder().setNanos(-1)));
    assertInvalid("deadline", inQueue().setDeadline(Timestamp.newBuilder().setSeconds(-1)));
  }

  @Test
  void badInputOfTheOtherMethodsIsNamedToo() {
    assertInvalid("queue", () -> pool.lease(LeaseRequest.getDefaultInstance()));
    assertInvalid(
        "max", () -> pool.lease(LeaseRequest.newBuilder().setQueue(queue).setMax(0).build()));
    assertInvalid("lease", () -> pool.ack(AckRequest.newBuilder().setId(UNKNOWN).build()));
    assertInvalid("states", () -> pool.listJobs(list().addStatesValue(0).build()));
    assertInvalid("cursor", () -> pool.listJobs(list().setCursor("x").build()));
    assertInvalid("subject", () -> watch(WatchRequest.newBuilder()).next());
    assertInvalid("queue", () -> watch(WatchRequest.newBuilder().setQueue(" ")).next());
    assertInvalid("kind", () -> configure(QueueSettings.newBuilder().setKindValue(9)));
    assertInvalid(
        "rate.limit",
        () -> configure(QueueSettings.newBuilder().setRate(Rate.getDefaultInstance())));
    assertInvalid("queue", () -> pool.getQueue(GetQueueRequest.getDefaultInstance()));
    assertInvalid("jobs", () -> pool.submitBatch(SubmitBatchRequest.getDefaultInstance()));
    assertInvalid(
        "jobs[0].result",
        () ->
            pool.submitBatch(
                SubmitBatchRequest.newBuilder().addJobs(inQueue().setResult(millis(1))).build()));
    assertInvalid(
        "job", () -> pool.putSchedule(PutScheduleRequest.newBuilder().setName("a").build()));
    assertInvalid(
        "cron",
        () ->
            pool.putSchedule(
                PutScheduleRequest.newBuilder().setName("a").setJob(inQueue()).build()));
    assertInvalid(
        "missed",
        () ->
            pool.putSchedule(
                PutScheduleRequest.newBuilder().setName("a").setMissedValue(9).build()));
  }

  private void assertInvalid(String named, SubmitRequest.Builder request) {
    assertInvalid(named, () -> pool.submit(request.build()));
  }

  private static void assertInvalid(String named, Supplier<?> call) {
    var refused = assertThrows(StatusRuntimeException.class, call::get, named);
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), named);
    assertEquals("INVALID_INPUT", detail(refused, ErrorInfo.class).getReason());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
  }

  private static void assertNotFound(Supplier<?> call) {
    assertRefused(Status.Code.NOT_FOUND, "NOT_FOUND", call);
  }

  static void assertRefused(Status.Code code, String reason, Supplier<?> call) {
    var refused = assertThrows(StatusRuntimeException.class, call::get);
    assertEquals(code, refused.getStatus().getCode(), refused.getMessage());
    assertEquals(reason, detail(refused, ErrorInfo.class).getReason());
  }

  private Job find(String id) {
    return pool.getJob(GetJobRequest.newBuilder().setId(id).build());
  }

  private Job awaitState(String id, JobState state) {
    while (true) {
      Job job = find(id);
      if (job.getState() == state) {
        return job;
      }
    }
  }

  private LeasedJob leased() {
    return pool.lease(
            LeaseRequest.newBuilder()
                .setQueue(queue)
                .setLease(millis(30_000))
                .setWait(millis(10_000))
                .build())
        .getJobs(0);
  }

  private Iterator<Event> watch(WatchRequest.Builder request) {
    return pool.watch(request.build());
  }

  private Queue look() {
    return pool.getQueue(GetQueueRequest.newBuilder().setName(queue).build());
  }

  private Queue configure(QueueSettings.Builder settings) {
    return pool.configureQueue(
        ConfigureQueueRequest.newBuilder().setName(queue).setSettings(settings).build());
  }

  private PurgeQueueRequest purge(boolean dead) {
    return PurgeQueueRequest.newBuilder().setName(queue).setDead(dead).build();
  }

  private ListJobsRequest.Builder list() {
    return ListJobsRequest.newBuilder().setQueue(queue);
  }

  private SubmitRequest.Builder inQueue() {
    return SubmitRequest.newBuilder().setQueue(queue);
  }

  private static AckRequest ack(LeasedJob leased) {
    return AckRequest.newBuilder().setId(leased.getId()).setLease(leased.getLease()).build();
  }

  private SubmitRequest.Builder to(String path) {
    return url(target.url(path).toString());
  }

  private SubmitRequest.Builder backoff(Backoff.Builder backoff) {
    return to("/200").setBackoff(backoff);
  }

  private static SubmitRequest.Builder url(String url) {
    return SubmitRequest.newBuilder().setTarget(Target.newBuilder().setUrl(url));
  }

  private static SubmitRequest.Builder target(Target.Builder target) {
    return SubmitRequest.newBuilder().setTarget(target.setUrl("http://a.example/"));
  }

  static Duration millis(long millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1_000)
        .setNanos((int) (millis % 1_000) * 1_000_000)
        .build();
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  static <T extends Message> T detail(StatusRuntimeException failure, Class<T> type) {
    try {
      for (var each : StatusProto.fromThrowable(failure).getDetailsList()) {
        if (each.is(type)) {
          return each.unpack(type);
        }
      }
    } catch (InvalidProtocolBufferException broken) {
      throw new AssertionError(broken);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + failure);
  }
}
