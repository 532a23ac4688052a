package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.job;
import static dev.sluice.pool.api.Pool.submit;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.pool.grpc.Payload;
import dev.sluice.pool.grpc.SubmitRequest;
import dev.sluice.pool.grpc.WorkerPoolGrpc.WorkerPoolBlockingStub;
import dev.sluice.pool.store.JobStore;
import dev.sluice.pool.store.sqlite.SqliteEngine;
import dev.sluice.pool.store.sqlite.WriterControl;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract when the engine cannot do what it is asked: its disk is full. */
@QuarkusTest
@TestProfile(EngineAwayTest.OnFile.class)
@Timeout(120)
class EngineAwayTest {

  /** A file of its own. */
  public static final class OnFile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path directory = Files.createTempDirectory("pool");
        return Map.of("sluice.store", "sqlite:" + directory.resolve("jobs.db"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final String LARGE = "x".repeat(500_000);

  @Inject JobStore.Engine engine;

  @GrpcClient("pool")
  WorkerPoolBlockingStub grpc;

  private final String queue = Pool.newQueue();

  @Test
  void nothingIsAcceptedThatIsNotKeptAndItGoesOnWhenThereIsRoomAgain() throws Exception {
    String kept = accepted("{'queue':'" + queue + "'}");
    String large = "{'queue':'%s','payload':'%s','wait':'10s'}".formatted(queue, LARGE);
    var disk = new WriterControl(assertInstanceOf(SqliteEngine.class, engine));
    disk.fillDisk();
    try {
      submit(large)
          .statusCode(503)
          .contentType("application/problem+json")
          .header("Retry-After", matchesPattern("[1-9][0-9]*"))
          .body("type", equalTo("/problems/store-unavailable"))
          .body("detail", containsString("FULL"))
          .body("instance", equalTo("/submit"));
      PoolGrpcTest.assertRefused(
          Status.Code.UNAVAILABLE, "STORE_UNAVAILABLE", () -> grpc.submit(large()));
      given().get("/q/health/ready").then().statusCode(503);
      given().get("/q/health/live").then().statusCode(200);
      assertEquals(0, Pool.metric("sluice_pool_waiting_submits"));
    } finally {
      disk.emptyDisk();
    }

    while (given().get("/q/health/ready").statusCode() != 200) {
      Thread.onSpinWait();
    }
    job(kept).statusCode(200).body("state", equalTo("queued"));
    assertEquals(1, Pool.queue(queue).getInt("depth"), "what was refused is not there");
    String id = accepted(large);
    assertEquals(kept, Pool.leased(queue).getString("jobs[0].id"));
    assertEquals(id, Pool.leased(queue).getString("jobs[0].id"));
  }

  private SubmitRequest large() {
    return SubmitRequest.newBuilder()
        .setQueue(queue)
        .setPayload(Payload.newBuilder().setJson('"' + LARGE + '"'))
        .build();
  }
}
