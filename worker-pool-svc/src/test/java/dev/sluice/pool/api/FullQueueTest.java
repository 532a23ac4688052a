package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.awaitQueue;
import static dev.sluice.pool.api.Pool.awaitState;
import static dev.sluice.pool.api.Pool.queue;
import static dev.sluice.pool.api.Pool.submit;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.SubmitResponse;
import dev.sluice.pool.grpc.Target;
import dev.sluice.pool.grpc.WorkerPoolGrpc;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import dev.sluice.service.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The contract when there is no room: one worker, two places, and a target that waits to be let go.
 */
@QuarkusTest
@TestProfile(FullQueueTest.TwoPlaces.class)
@Timeout(120)
class FullQueueTest {

  /** Little of everything. */
  public static final class TwoPlaces implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.pool.workers", "1",
          "sluice.pool.queue.capacity", "2",
          "sluice.pool.queue.capacity-bytes", "1M",
          "sluice.pool.max-waiters", "2");
    }
  }

  @GrpcClient("pool")
  WorkerPoolBlockingStub grpc;

  private final Channel<String> called = Channel.buffered(100);
  private final Channel<Integer> answers = Channel.buffered(100);

  /** Answers each call with the next of {@link #answers}. */
  private final TargetServer target =
      new TargetServer((got, exchange) -> {
        called.trySend(got.uri().getPath());
        try {
          TargetServer.answer(exchange, answers.receive());
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
        }
      });

  private final ExecutorService callers = Executors.newCachedThreadPool();

  @BeforeEach
  void fill() throws InterruptedException {
    accepted(job("first", "0s"));
    assertEquals("/first", called.receive());
    accepted(job("second", "0s"));
  }

  @AfterEach
  void empty() {
    for (int i = 0; i < 50; i++) {
      answers.trySend(200);
    }
    awaitQueue("push", "depth", 0);
    callers.shutdownNow();
    target.close();
  }

  @Test
  void acceptsAJobThoughTooManyWaitForResults() {
    String queue = Pool.newQueue();
    for (int i = 0; i < 2; i++) {
      callers.submit(() -> Pool.post("/submit?result=30s", "{'queue':'" + queue + "'}"));
    }
    while (!given().get("/q/metrics").asString().contains("sluice_pool_waiting_results 2.0")) {
      Thread.onSpinWait();
    }
    Pool.post("/submit?result=30s", "{'queue':'" + queue + "-2'}")
        .statusCode(202)
        .body("state", equalTo("queued"));
    Pool.post("/queues/" + queue + "/purge").body("jobs", equalTo(2));
  }

  @Test
  void refusesWith429AndTheTimeToTryAgain() {
    submit(job("third", "0s"))
        .statusCode(429)
        .contentType("application/problem+json")
        .header("Retry-After", matchesPattern("[1-9][0-9]?"))
        .body("type", equalTo("/problems/queue-full"))
        .body("status", equalTo(429))
        .body("detail", equalTo("no room for another job in queue \"push\": 2 of 2 are unfinished"))
        .body("depth", equalTo(2))
        .body("capacity", equalTo(2))
        .body("retryAfter", matchesPattern("[0-9]+m?s|1m"))
        .body("instance", equalTo("/submit"));
  }

  @Test
  void whenToComeBackIsToldByThePaceAtWhichJobsHaveEnded() throws Exception {
    String queue = Pool.newQueue();
    Pool.put("/queues/" + queue, "{'kind':'pull','capacity':40}").statusCode(200);
    for (int i = 0; i < 40; i++) {
      accepted("{'queue':'%s'}".formatted(queue));
    }
    Pool.tell(Pool.leased(queue), "ack", "").statusCode(200);
    Pool.put("/queues/" + queue, "{'kind':'pull','capacity':1}").statusCode(200);

    // one end was seen, and 39 more are needed: in a second each at best
    ValidatableResponse refused = submit("{'queue':'%s'}".formatted(queue)).statusCode(429);
    var exact = Durations.parse(refused.extract().path("retryAfter"));
    assertTrue(exact.toSeconds() >= 39 && exact.toSeconds() <= 60, exact::toString);
    refused.header("Retry-After", equalTo("" + exact.plusNanos(999_999_999).toSeconds()));

    var request = SubmitRequest.newBuilder().setQueue(queue).build();
    var told = assertThrows(StatusRuntimeException.class, () -> grpc.submit(request));
    var delay = PoolGrpcTest.detail(told, RetryInfo.class).getRetryDelay();
    var later = java.time.Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
    assertTrue(later.compareTo(exact) >= 0 && later.toSeconds() <= 60, later::toString);
    assertEquals(
        Durations.format(later),
        PoolGrpcTest.detail(told, ErrorInfo.class).getMetadataOrThrow("retryAfter"));
  }

  @Test
  void refusesWhenTheWaitIsOverAndLeavesNoTrace() throws Exception {
    submit(job("late", "20ms"))
        .statusCode(429)
        .body("detail", containsString("within the wait of 20ms"));
    assertEquals(0, queue("push").getInt("waitingSubmits"));

    answers.send(200);
    assertEquals("/second", called.receive());
    accepted(job("next", "30s"));
    answers.send(200);
    assertEquals("/next", called.receive());
  }

  @Test
  void servesThoseWhoWaitFirstComeFirstServed() throws Exception {
    List<Future<Integer>> waiting = new ArrayList<>();
    for (String path : List.of("third", "fourth")) {
      waiting.add(callers.submit(() -> submit(job(path, "30s")).extract().statusCode()));
      awaitQueue("push", "waitingSubmits", waiting.size());
    }
    submit(job("more-than-the-line-holds", "30s"))
        .statusCode(429)
        .contentType("application/problem+json");
    submit(job("impatient", "0s")).statusCode(429);

    for (String path : List.of("/second", "/third", "/fourth")) {
      answers.send(200);
      assertEquals(path, called.receive());
    }
    for (Future<Integer> each : waiting) {
      assertEquals(202, each.get());
    }
  }

  @Test
  void whoHangsUpWhileWaitingLeavesNoJob() throws Exception {
    String body = job("gone", "30s").replace('\'', '"');
    try (var socket = new Socket("localhost", RestAssured.port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      awaitQueue("push", "waitingSubmits", 1);
    }
    awaitQueue("push", "waitingSubmits", 0);
    assertTheNextIsNotTheOneThatIsGone();
  }

  @Test
  void whoCancelsTheCallWhileWaitingLeavesNoJob() throws Exception {
    var pending =
        WorkerPoolGrpc.newFutureStub(grpc.getChannel()).submit(message("gone", 30).build());
    awaitQueue("push", "waitingSubmits", 1);
    assertTrue(pending.cancel(true));
    awaitQueue("push", "waitingSubmits", 0);
    assertTheNextIsNotTheOneThatIsGone();
  }

  private void assertTheNextIsNotTheOneThatIsGone() throws Exception {
    answers.send(200);
    assertEquals("/second", called.receive());
    accepted(job("next", "30s"));
    answers.send(200);
    assertEquals("/next", called.receive());
  }

  @Test
  void payloadsThatTheQueueHasNoRoomForAreRefusedToo() throws Exception {
    answers.trySend(200);
    awaitQueue("push", "depth", 1);
    String big = "{'target':{'url':'%s','body':'%s'}}".formatted(url("big"), "x".repeat(600_000));
    accepted(big);
    answers.trySend(200);
    awaitQueue("push", "depth", 1);

    submit(big)
        .statusCode(429)
        .body("detail", containsString("no room for the payload of another job"))
        .body("detail", containsString(": 600002 of 1048576 bytes are in use"));
    submit(job("small", "0s")).statusCode(202);
  }

  @Test
  void overGrpcItIsResourceExhaustedWithTheTimeToTryAgain() {
    var refused =
        assertThrows(StatusRuntimeException.class, () -> grpc.submit(message("third", 0).build()));

    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    assertEquals("QUEUE_FULL", PoolGrpcTest.detail(refused, ErrorInfo.class).getReason());
    long retry = PoolGrpcTest.detail(refused, RetryInfo.class).getRetryDelay().getSeconds();
    assertTrue(retry >= 1 && retry <= 60, "retry after " + retry + "s");
  }

  @Test
  void overGrpcOneCanWaitForRoomToo() throws Exception {
    Future<SubmitResponse> waiting =
        callers.submit(() -> grpc.submit(message("third", 30).build()));
    awaitQueue("push", "waitingSubmits", 1);
    assertFalse(waiting.isDone());
    answers.send(200);

    String id = waiting.get().getId();
    answers.send(200);
    answers.send(200);
    awaitState(id, "succeeded");
  }

  @Test
  void isLiveAndReadyThoughItIsFull() {
    given().get("/q/health/live").then().statusCode(200);
    given().get("/q/health/ready").then().statusCode(200);
  }

  private String job(String path, String wait) {
    return "{'target':{'url':'%s'},'timeout':'10m','wait':'%s'}".formatted(url(path), wait);
  }

  private SubmitRequest.Builder message(String path, int seconds) {
    return SubmitRequest.newBuilder()
        .setTarget(Target.newBuilder().setUrl(url(path).toString()))
        .setWait(Duration.newBuilder().setSeconds(seconds));
  }

  private URI url(String path) {
    return target.url("/" + path);
  }
}
