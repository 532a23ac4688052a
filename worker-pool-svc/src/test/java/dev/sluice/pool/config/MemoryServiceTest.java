package dev.sluice.pool.config;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.pool.TargetServer;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.JobState;
import dev.sluice.pool.model.JobView;
import dev.sluice.pool.model.NewJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.model.Submitted;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.pool.store.QueueDefaults;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service as it is put together, on the engine in memory. */
@QuarkusTest
@Timeout(60)
class MemoryServiceTest {
  @Inject WorkerPool pool;

  @Test
  void isReadyAndLive() {
    given().get("/q/health/ready").then().statusCode(200).body("checks.name", hasItem("store"));
    given().get("/q/health/live").then().statusCode(200);
  }

  @Test
  void callsATargetOverHttp() throws InterruptedException {
    try (var target = new TargetServer((_, exchange) -> TargetServer.answer(exchange, 204))) {
      var call = new Call("POST", target.url("/hook"), Map.of());
      NewJob job = NewJob.of(QueueDefaults.PUSH, Payload.json("1"), call);
      var accepted =
          assertInstanceOf(Submitted.Accepted.class, pool.submit(job, Duration.ZERO).await());
      JobView end = pool.awaitEnd(accepted.id(), Duration.ofSeconds(30)).await().orElseThrow();
      assertEquals(JobState.SUCCEEDED, end.state());
    }
  }

  @Test
  void tellsHowManyJobsAreWhereAndWhoWaits() throws InterruptedException {
    pool.submit(NewJob.of("metered", Payload.json("1"), null), Duration.ZERO).await();
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("sluice_pool_jobs{queue=\"metered\",state=\"queued\"} 1.0"))
        .body(containsString("sluice_pool_waiting_submits 0.0"))
        .body(containsString("sluice_pool_waiting_leases 0.0"))
        .body(containsString("sluice_pool_refused_total{reason=\"full\"} "))
        .body(containsString("sluice_pool_queue_capacity{queue=\"metered\"} 100000.0"))
        .body(
            containsString(
                "sluice_pool_channel_depth{scope=\"worker-pool/processes\",channel=\"dispatcher\"}"));
  }
}
