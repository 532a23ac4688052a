package dev.sluice.idempotency;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter in front of methods of every kind, and a deduplicator that is not always well. */
@QuarkusTest
@TestProfile(IdempotencyFilterTest.Settings.class)
@Timeout(20)
class IdempotencyFilterTest {

  /** A lease whose renewals a test can wait for. */
  public static class Settings implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.idempotency.lease", "3s",
          "sluice.idempotency.timeout", "2s",
          "sluice.idempotency.max-body", "10K");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(ClaimsServer.class));
    }
  }

  @SuppressWarnings("NullAway.Init")
  ClaimsServer server;

  private final String key = UUID.randomUUID().toString();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void nothingIsLeft() {
    server.asked.clear();
    server.refusals.clear();
    Runs.STARTED.clear();
    Runs.MAY_END.clear();
  }

  @AfterEach
  void close() {
    callers.shutdownNow();
  }

  @Test
  void aBlockingMethodRunsOnce() throws Exception {
    Future<Response> first = callers.submit(() -> post("/blocking"));
    Runs.STARTED.take();
    post("/blocking").then().statusCode(409).body("type", equalTo("/problems/claim-in-progress"));

    Runs.MAY_END.add("done");

    assertEquals("done", first.get().asString());
    Response again = post("/blocking");
    again.then().header("Idempotency-Replayed", equalTo("true"));
    assertEquals("done", again.asString());
  }

  @Test
  void aCompletionIsAskedForUntilItIsTaken() throws Exception {
    server.refusals.addAll(List.of(503, 500));
    Response first = post("/count");
    first.then().statusCode(200);
    assertEquals(List.of("refused", "refused", "complete"), List.copyOf(server.asked));
    Response again = post("/count");
    again.then().header("Idempotency-Replayed", equalTo("true"));
    assertArrayEquals(first.asByteArray(), again.asByteArray());
  }

  @Test
  void aCompletionThatIsNeverTakenIsGivenUp() {
    for (int i = 0; i < 1000; i++) {
      server.refusals.add(503);
    }
    post("/count").then().statusCode(200).header("Idempotency-Replayed", nullValue());
  }

  @Test
  void whatTheDeduplicatorFindsTooLargeIsNotKept() {
    server.refusals.add(413);
    post("/count").then().statusCode(200);
    assertNotKept("/count");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/large", "/stream"})
  void whatCannotBeKeptIsNotRunTwice(String path) {
    post(path).then().statusCode(200).header("Idempotency-Replayed", nullValue());
    assertNotKept(path);
  }

  @Test
  void norIsWhatCannotBeWritten() {
    post("/broken").then().statusCode(500);
    int before = Runs.COUNT.get();
    post("/broken").then().statusCode(409).body("type", equalTo("/problems/response-not-kept"));
    assertEquals(before, Runs.COUNT.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/unavailable", "/mapped"})
  void whatFailsMayBeRepeated(String path) throws Exception {
    int status = post(path).statusCode();
    await("abort");
    post(path).then().statusCode(status).header("Idempotency-Replayed", nullValue());
  }

  @Test
  void aKeyMayBeRequired() {
    given().post("/runs/required").then().statusCode(400);
    post("/required").then().statusCode(200);
    given().post("/runs/count").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/view", "/view-rest", "/secure", "/custom"})
  void whatAnnotationsShapeIsSentAsWithoutAKeyAndNotKept(String path) {
    String without = given().post("/runs" + path).then().statusCode(200).extract().asString();
    assertEquals(without, post(path).asString());
    assertNotKept(path);
  }

  private void assertNotKept(String path) {
    post(path)
        .then()
        .statusCode(409)
        .header("Idempotency-Replayed", equalTo("true"))
        .body("type", equalTo("/problems/response-not-kept"));
  }

  private void await(String what) throws InterruptedException {
    while (!server.asked.take().equals(what)) {
      // something else
    }
  }

  private Response post(String path) {
    return given().header("Idempotency-Key", key).post("/runs" + path);
  }
}
