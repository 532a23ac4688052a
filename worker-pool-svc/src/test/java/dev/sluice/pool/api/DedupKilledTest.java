package dev.sluice.pool.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of requests with a key when dedup-svc has been killed: they are refused. */
@QuarkusTest
@TestProfile(DedupKilledTest.Refuse.class)
@Timeout(180)
class DedupKilledTest {

  /** As it is by default. */
  public static class Refuse implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("sluice.idempotency.timeout", "30s");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(DedupService.class));
    }
  }

  /** What the method refuses. */
  static final String WRONG = "{\"queue\":\"a b\"}";

  DedupService dedup;

  @Test
  void requestsWithAKeyAreRefusedAndOthersAreNot() {
    submit("before", WRONG).then().statusCode(400);

    dedup.kill();

    submit("after", WRONG)
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", notNullValue())
        .body("type", equalTo("/problems/store-unavailable"));
    Pool.submit(WRONG).statusCode(400); // the method's own answer
  }

  static Response submit(String key, String body) {
    return given()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .body(body)
        .post("/submit");
  }
}
