package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Scope;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
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
      return Map.of(
          "sluice.store",
          process.address(),
          "sluice.limiter.redis.timeout",
          "2s",
          "sluice.limiter.policy-files",
          "src/test/redis/policies.yaml",
          "sluice.limiter.envoy.config",
          "src/test/envoy");
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

  @GrpcClient("limiter")
  RateLimiterBlockingStub limiter;

  @TestHTTPResource("/acquire")
  URI acquire;

  private final String address =
      ConfigProvider.getConfig().getOptionalValue("sluice.store", String.class).orElse("");

  @Test
  void countsInRedisAndSaysSoWhenItCannot() {
    until("UP");
    assertEquals(200, acquire().statusCode());
    assertEquals(429, acquire().statusCode());
    assertEquals(List.of(Code.OK, Code.OK, Code.OVER_LIMIT), envoyAsks(3));
    metric("1.0");

    server.get("kill").run();
    until("DOWN");
    acquire()
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", oneOf("0", "1"))
        .body("type", equalTo("/problems/store-unavailable"));
    var failed = assertThrows(StatusRuntimeException.class, () -> envoyAsks(1));
    assertEquals(Status.Code.UNAVAILABLE, failed.getStatus().getCode());
    metric("0.0");

    server.get("restart").run();
    until("UP");
    assertEquals(429, acquire().statusCode()); // nothing is lost, and nothing granted twice
    assertEquals(List.of(Code.OVER_LIMIT), envoyAsks(1));
  }

  /** What a request for a permit may come to, and nothing else. */
  private enum Fate {
    GRANTED,
    UNCOUNTED,
    REFUSED,
    UNAVAILABLE
  }

  @Test
  void killedUnderLoadItTurnsAwayWhomThePolicySaysSo() throws InterruptedException {
    killedUnderLoad("closed", Fate.UNAVAILABLE, Fate.UNCOUNTED);
  }

  @Test
  void killedUnderLoadItGrantsWhomThePolicySaysSo() throws InterruptedException {
    killedUnderLoad("open", Fate.UNCOUNTED, Fate.UNAVAILABLE);
  }

  private void killedUnderLoad(String policy, Fate choice, Fate never) throws InterruptedException {
    until("UP");
    var fates = new ConcurrentHashMap<Fate, LongAdder>();
    List.of(Fate.values()).forEach(fate -> fates.put(fate, new LongAdder()));
    LongAdder granted = fates.get(Fate.GRANTED);
    LongAdder chosen = fates.get(choice);
    try (var client = HttpClient.newHttpClient();
        var callers = Scope.open("callers")) {
      for (int i = 0; i < 16; i++) {
        callers.start(
            "caller-" + i,
            () -> {
              while (fates.get(Fate.REFUSED).sum() == 0) {
                fates.get(ask(client, policy)).increment();
              }
            });
      }
      Patience.until("300 are granted", () -> granted.sum() >= 300);
      server.get("kill").run();
      Patience.until("the policy has its say", () -> chosen.sum() >= 100);
      server.get("restart").run();
      callers.join();
    }
    assertEquals(0, fates.get(never).sum());
    assertTrue(granted.sum() <= 1000, fates::toString);
    // Of those under way when it died some had taken their permit; nobody else has.
    assertTrue(granted.sum() + chosen.sum() >= 1000, fates::toString);
  }

  private Fate ask(HttpClient client, String policy) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(acquire)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"key\":\"k\",\"policy\":\"" + policy + "\"}"))
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      String body = response.body();
      return switch (response.statusCode()) {
        case 200 -> body.contains("\"uncounted\":\"FAIL_OPEN\"") ? Fate.UNCOUNTED : Fate.GRANTED;
        case 429 -> Fate.REFUSED;
        case 503 -> {
          assertTrue(body.contains("/problems/store-unavailable"), body);
          yield Fate.UNAVAILABLE;
        }
        default -> throw new AssertionError(response.statusCode() + ": " + body);
      };
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** What Envoy is answered to so many requests, of which two may pass. */
  private List<Code> envoyAsks(int requests) {
    var envoy = RateLimitServiceGrpc.newBlockingStub(limiter.getChannel());
    var request =
        RateLimitRequest.newBuilder()
            .setDomain("rl")
            .addDescriptors(
                RateLimitDescriptor.newBuilder()
                    .addEntries(RateLimitDescriptor.Entry.newBuilder().setKey("foo").setValue("x")))
            .build();
    return IntStream.range(0, requests)
        .mapToObj(_ -> envoy.shouldRateLimit(request).getOverallCode())
        .toList();
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

  private void metric(String up) {
    for (String shard : List.of("0", "envoy")) {
      String name = "sluice_limiter_store_up{shard=\"" + shard + "\",node=\"" + address + "\"}";
      when().get("/q/metrics").then().body(containsString(name + " " + up));
    }
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
