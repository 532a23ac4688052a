package dev.sluice.dedup.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service on a real Redis: what its callers see while it is there or not. */
@QuarkusTest
@QuarkusTestResource(value = DedupRedisTest.Server.class, restrictToAnnotatedClass = true)
@Timeout(180)
class DedupRedisTest {
  /** Starts the server before the service, and lets the test kill it and start it again. */
  public static final class Server implements QuarkusTestResourceLifecycleManager {
    private final RedisProcess process =
        RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");

    @Override
    public Map<String, String> start() {
      return Map.of("sluice.store", process.address(), "sluice.dedup.redis.timeout", "2s");
    }

    @Override
    public void inject(TestInjector injector) {
      Map<String, Runnable> actions = Map.of("kill", process::kill, "restart", process::restart);
      injector.injectIntoFields(actions, new TestInjector.MatchesType(Map.class));
    }

    @Override
    public void stop() {
      process.close();
    }
  }

  private static final Pattern CLAIMS_UP =
      Pattern.compile("sluice_dedup_store_up\\{shard=\"claims-0\",node=\"[^\"]+\",?} (\\S+)");

  Map<String, Runnable> server;

  /** Another test may have killed it, and it takes a moment until it is asked again. */
  @BeforeEach
  void redisIsAsked() {
    Patience.until("Redis is asked for keys", () -> look().statusCode() != 503);
    Patience.until(
        "Redis is asked for claims", () -> claim("look-" + UUID.randomUUID()).statusCode() != 503);
  }

  private static Response look() {
    return given().contentType(ContentType.JSON).body("{\"key\":\"look\"}").post("/dedup/peek");
  }

  @Test
  void saysWhenRedisDoesNotAnswerAndKnowsTheKeyWhenItIsBack() {
    see().then().statusCode(200).body("first", equalTo(true));
    see().then().statusCode(200).body("first", equalTo(false)).body("seen", equalTo(2));

    server.get("kill").run();
    see()
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", oneOf("0", "1"))
        .body("type", equalTo("/problems/store-unavailable"));

    server.get("restart").run();
    Patience.until("Redis is asked again", () -> see().statusCode() == 200);
    see().then().statusCode(200).body("first", equalTo(false)).body("seen", equalTo(4));
  }

  @Test
  void aClaimIsInRedisWithItsResponse() {
    Response claimed = claim("pay-1").then().statusCode(201).extract().response();
    claim("pay-1").then().statusCode(409).body("state", equalTo("in-progress"));
    given()
        .contentType(ContentType.JSON)
        .body(
            """
            {"token":"%s","response":{"status":201,"headers":[{"name":"X-A","value":"1"}],"body":"né"}}\
            """
                .formatted(claimed.<String>path("token")))
        .put(claimed.header("Location"))
        .then()
        .statusCode(200);

    claim("pay-1")
        .then()
        .statusCode(200)
        .body("state", equalTo("completed"))
        .body("response.status", equalTo(201))
        .body("response.headers.value", equalTo(List.of("1")))
        .body("response.body", equalTo("né"));
  }

  @Test
  void theShardsOfClaimsSayHowTheyFindRedis() {
    claim("pay-2").then().statusCode(201);
    assertEquals("1.0", claimsUp());
    assertEquals("UP", store());

    server.get("kill").run();
    Patience.until("the claims find Redis down", () -> claimsUp().equals("0.0"));
    assertEquals("DOWN", store());
    claim("pay-2").then().statusCode(503);

    server.get("restart").run();
    Patience.until("Redis is asked again", () -> claimsUp().equals("1.0"));
  }

  private static String claimsUp() {
    String metrics = given().get("/q/metrics").asString();
    Matcher up = CLAIMS_UP.matcher(metrics);
    assertTrue(up.find(), metrics);
    return up.group(1);
  }

  private static String store() {
    return given().get("/q/health/ready").path("checks.find { it.name == 'store' }.status");
  }

  private static Response claim(String key) {
    return given()
        .contentType(ContentType.JSON)
        .body(
            """
            {"namespace":"payments","key":"%s","lease":"30s","ttl":"1h"}\
            """
                .formatted(key))
        .post("/claims");
  }

  private static Response see() {
    return given()
        .contentType(ContentType.JSON)
        .body(
            """
            {"key":"evt-1","ttl":"1h"}\
            """)
        .post("/dedup");
  }
}
