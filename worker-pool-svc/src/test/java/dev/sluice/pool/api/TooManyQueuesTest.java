package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.newQueue;
import static dev.sluice.pool.api.Pool.post;
import static dev.sluice.pool.api.Pool.put;
import static dev.sluice.pool.api.Pool.submit;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.pool.grpc.ConfigureQueueRequest;
import dev.sluice.pool.grpc.PauseQueueRequest;
import dev.sluice.pool.grpc.SubmitBatchRequest;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract when there are as many queues as there may be. */
@QuarkusTest
@TestProfile(TooManyQueuesTest.Three.class)
@Timeout(120)
class TooManyQueuesTest {

  /** Three queues at most. */
  public static final class Three implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.pool.max-queues", "3");
    }
  }

  @GrpcClient("pool")
  WorkerPoolBlockingStub grpc;

  private final List<String> queues = new ArrayList<>();
  private final String another = newQueue();

  @BeforeEach
  void makeThree() {
    for (int i = 0; i < 3; i++) {
      queues.add(newQueue());
      accepted(in(queues.getLast()));
    }
  }

  @AfterEach
  void remove() {
    queues.forEach(TooManyQueuesTest::remove);
    remove(another);
  }

  @Test
  void overHttpAnotherIsRefusedAndSaysWhichHoweverItIsAskedFor() {
    assertRefused(submit(in(another)), "/submit");
    assertRefused(put("/queues/" + another, "{'capacity':1}"), "/queues/" + another);
    assertRefused(post("/queues/" + another + "/pause"), "/queues/" + another + "/pause");
    given().get("/queues/" + another).then().statusCode(404);
  }

  @Test
  void inABatchOnlyThatOneIsRefused() {
    String jobs = in(queues.getFirst()) + "," + in(another);
    post("/submit/batch", "{'jobs':[" + jobs + "]}")
        .statusCode(200)
        .body("results[0].state", equalTo("queued"))
        .body("results[1].problem.type", equalTo("/problems/store-full"))
        .body("results[1].problem.status", equalTo(503));
    var answer =
        grpc.submitBatch(
            SubmitBatchRequest.newBuilder()
                .addJobs(SubmitRequest.newBuilder().setQueue(another))
                .addJobs(SubmitRequest.newBuilder().setQueue(queues.getFirst()))
                .build());
    assertEquals(Status.Code.UNAVAILABLE.value(), answer.getResults(0).getProblem().getCode());
    assertEquals(2, answer.getResultsCount());
  }

  @Test
  void overGrpcToo() {
    assertFull(() -> grpc.submit(SubmitRequest.newBuilder().setQueue(another).build()));
    assertFull(
        () -> grpc.configureQueue(ConfigureQueueRequest.newBuilder().setName(another).build()));
    assertFull(() -> grpc.pauseQueue(PauseQueueRequest.newBuilder().setName(another).build()));
  }

  @Test
  void oneThatIsDeletedMakesRoomForAnother() {
    submit(in(another)).statusCode(503);
    accepted(in(queues.getFirst()));
    remove(queues.getFirst());
    accepted(in(another));
  }

  private static void assertFull(Supplier<?> call) {
    PoolGrpcTest.assertRefused(Status.Code.UNAVAILABLE, "STORE_FULL", call);
  }

  private void assertRefused(ValidatableResponse response, String instance) {
    response
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "60")
        .body("type", equalTo("/problems/store-full"))
        .body(
            "detail",
            equalTo("there is no queue \"" + another + "\", and as many others as there may be"))
        .body("instance", equalTo(instance));
  }

  private static void remove(String queue) {
    post("/queues/" + queue + "/purge").statusCode(200);
    given().delete("/queues/" + queue).then().statusCode(204);
  }

  private static String in(String queue) {
    return "{'queue':'" + queue + "'}";
  }
}
