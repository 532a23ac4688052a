package dev.sluice.pool.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import dev.sluice.pool.grpc.GetJobRequest;
import dev.sluice.pool.grpc.GetQueueRequest;
import dev.sluice.pool.grpc.Job;
import dev.sluice.pool.grpc.JobState;
import dev.sluice.pool.grpc.Queue;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.SubmitResponse;
import dev.sluice.pool.grpc.Target;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@code sluice.pool.v1.WorkerPool}. */
@QuarkusTest
@Timeout(120)
class PoolGrpcTest {
  @GrpcClient("pool")
  WorkerPoolBlockingStub pool;

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
                .setBackoff(millis(100))
                .setWait(millis(250))
                .build());
    assertEquals(JobState.JOB_STATE_QUEUED, response.getState());

    Received call = received.receive();
    assertEquals("PUT", call.method());
    assertEquals("y", call.header("x"));
    assertEquals("{\"n\":1.00}", call.body());
    assertEquals(response.getId(), call.header("Idempotency-Key"));

    Job job = awaitState(response.getId(), JobState.JOB_STATE_SUCCEEDED);
    assertEquals("PUT", job.getMethod());
    assertEquals(target.url("/200").toString(), job.getUrl());
    assertEquals(5, job.getMaxAttempts());
    assertEquals(millis(2_000), job.getTimeout());
    assertEquals(millis(100), job.getBackoff());
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
    assertEquals(millis(1_000), job.getBackoff());
    assertTrue(job.hasNextAttemptAt());
    assertFalse(job.hasFinishedAt());
  }

  @Test
  void tellsWhyThereWasNoAnswer() {
    String id =
        pool.submit(
                SubmitRequest.newBuilder()
                    .setTarget(Target.newBuilder().setUrl("http://no-such-host.invalid/"))
                    .setAttempts(1)
                    .build())
            .getId();

    Job job = awaitState(id, JobState.JOB_STATE_FAILED);
    assertFalse(job.getAttempts(0).hasStatus());
    assertEquals("the host no-such-host.invalid is unknown", job.getAttempts(0).getError());
  }

  @Test
  void sharesTheJobsWithHttp() {
    String id = pool.submit(to("/200").build()).getId();

    assertEquals(id, Pool.job(id).statusCode(200).extract().path("id"));
  }

  @Test
  void aJobThatIsNotKnownIsNotFound() throws Exception {
    for (String id : List.of("", "nosuch", "01a20ad0-bb83-71aa-98a5-41655ff84edd")) {
      var refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> pool.getJob(GetJobRequest.newBuilder().setId(id).build()));
      assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
      assertEquals("NOT_FOUND", detail(refused, ErrorInfo.class).getReason());
    }
  }

  @Test
  void tellsTheNumbersOfTheQueue() {
    awaitState(pool.submit(to("/200").build()).getId(), JobState.JOB_STATE_SUCCEEDED);

    Queue queue = pool.getQueue(GetQueueRequest.getDefaultInstance());
    assertEquals(1_000, queue.getCapacity());
    assertEquals(16, queue.getWorkers());
    assertEquals(queue.getDepth(), queue.getQueued() + queue.getRunning() + queue.getRetrying());
    assertEquals(
        queue.getAccepted() + queue.getLoaded(),
        queue.getDepth() + queue.getSucceeded() + queue.getFailed());
    assertTrue(queue.getSucceeded() > 0);
    assertFalse(queue.getDraining());
  }

  @Test
  void badInputIsInvalidArgumentThatNamesIt() throws Exception {
    assertInvalid("target", SubmitRequest.newBuilder());
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
    assertInvalid("backoff", to("/200").setBackoff(millis(0)));
    assertInvalid("backoff", to("/200").setBackoff(seconds(-1)));
    assertInvalid("wait", to("/200").setWait(seconds(-1)));
    assertInvalid("wait", to("/200").setWait(millis(30_001)));
    assertInvalid("wait", to("/200").setWait(seconds(Long.MAX_VALUE)));
  }

  private void assertInvalid(String named, SubmitRequest.Builder request) throws Exception {
    var refused =
        assertThrows(StatusRuntimeException.class, () -> pool.submit(request.build()), named);
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), named);
    assertEquals("INVALID_INPUT", detail(refused, ErrorInfo.class).getReason());
    assertTrue(
        String.valueOf(refused.getStatus().getDescription()).contains(named), refused.getMessage());
  }

  private Job awaitState(String id, JobState state) {
    while (true) {
      Job job = pool.getJob(GetJobRequest.newBuilder().setId(id).build());
      if (job.getState() == state) {
        return job;
      }
    }
  }

  private SubmitRequest.Builder to(String path) {
    return url(target.url(path).toString());
  }

  private static SubmitRequest.Builder url(String url) {
    return SubmitRequest.newBuilder().setTarget(Target.newBuilder().setUrl(url));
  }

  private static SubmitRequest.Builder target(Target.Builder target) {
    return SubmitRequest.newBuilder().setTarget(target.setUrl("http://a.example/"));
  }

  private static Duration millis(long millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1_000)
        .setNanos((int) (millis % 1_000) * 1_000_000)
        .build();
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException failure, Class<T> type) throws Exception {
    for (var each : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (each.is(type)) {
        return each.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + failure);
  }
}
