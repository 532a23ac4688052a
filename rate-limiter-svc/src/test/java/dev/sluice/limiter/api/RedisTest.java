package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.limiter.store.Patience;
import dev.sluice.limiter.store.RedisProcess;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The service on a real Redis: what its callers and its operators see while it is there or not. */
@QuarkusTest
@QuarkusTestResource(value = RedisTest.Server.class, restrictToAnnotatedClass = true)
class RedisTest {
  /** Starts the server before the service, and lets the test kill it and start it again. */
  public static final class Server implements QuarkusTestResourceLifecycleManager {
    private final RedisProcess process =
        RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");

    @Override
    public Map<String, String> start() {
      return Map.of("sluice.store", process.address(), "sluice.limiter.redis.timeout", "2s");
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

  Map<String, Runnable> server;

  private final String address =
      ConfigProvider.getConfig().getOptionalValue("sluice.store", String.class).orElse("");

  @Test
  void countsInRedisAndSaysSoWhenItCannot() {
    until("UP");
    assertEquals(200, acquire().statusCode());
    assertEquals(429, acquire().statusCode());
    metric("sluice_limiter_store_up", "1.0");

    server.get("kill").run();
    until("DOWN");
    acquire()
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", oneOf("0", "1"))
        .body("type", equalTo("/problems/store-unavailable"));
    metric("sluice_limiter_store_up", "0.0");

    server.get("restart").run();
    until("UP");
    assertEquals(429, acquire().statusCode()); // nothing is lost, and nothing granted twice
  }

  private static Response acquire() {
    return given()
        .contentType(ContentType.JSON)
        .body(
            """
            {"key":"user:42","limit":{"rate":1,"per":"24h"}}\
            """)
        .post("/acquire");
  }

  private void metric(String name, String value) {
    when()
        .get("/q/metrics")
        .then()
        .body(containsString(name + "{shard=\"0\",node=\"" + address + "\"} " + value));
  }

  private static void until(String status) {
    Patience.until(
        "the store is " + status,
        () ->
            when()
                .get("/q/health/ready")
                .path("checks.find { it.name == 'store' }.status")
                .equals(status));
  }
}
