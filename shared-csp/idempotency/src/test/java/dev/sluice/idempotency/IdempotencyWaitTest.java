package dev.sluice.idempotency;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A repetition that waits for the first. */
@QuarkusTest
@TestProfile(IdempotencyWaitTest.Waits.class)
@Timeout(60)
class IdempotencyWaitTest {

  /** Longer than the test takes. */
  public static final class Waits implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.idempotency.wait", "1m", "sluice.idempotency.timeout", "20s");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(ClaimsServer.class));
    }
  }

  @SuppressWarnings("NullAway.Init")
  ClaimsServer server;

  @Test
  void itGetsTheFirstsAnswer() throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> first = callers.submit(IdempotencyWaitTest::post);
      Runs.STARTED.take();
      Future<Response> second = callers.submit(IdempotencyWaitTest::post);
      assertEquals("wait", server.asked.take());

      Runs.MAY_END.add("done");

      assertEquals("done", first.get().asString());
      assertEquals("done", second.get().asString());
      second.get().then().header("Idempotency-Replayed", equalTo("true"));
    }
  }

  private static Response post() {
    return given().header("Idempotency-Key", "waits").post("/runs/blocking");
  }
}
