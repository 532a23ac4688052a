package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.limiter.grpc.GetPoliciesRequest;
import dev.sluice.limiter.grpc.GetPoliciesResponse;
import dev.sluice.limiter.grpc.Policy;
import dev.sluice.limiter.grpc.RateLimiterGrpc.RateLimiterBlockingStub;
import dev.sluice.limiter.process.policies.PolicyKeeper;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies from a file, which changes while the service runs. */
@QuarkusTest
@TestProfile(PoliciesHttpTest.FromFile.class)
class PoliciesHttpTest {
  private static final Path FILE = file();

  /** With a file of policies, which is looked at when the test says so. */
  public static final class FromFile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      write("first: {rate: 1, per: 1h}");
      return Map.of(
          "sluice.limiter.policy-files", FILE.toString(),
          "sluice.limiter.policy-check-every", "1h",
          "sluice.limiter.inline", "false");
    }
  }

  @Inject PolicyKeeper keeper;

  @GrpcClient("limiter")
  RateLimiterBlockingStub grpc;

  private final String key = "user:" + UUID.randomUUID();

  @BeforeEach
  void threePolicies() throws InterruptedException {
    write(
        """
        login: {rate: 2, per: 1h, keys: "user:*", maxWait: 0s}
          watched: {rate: 1, per: 1h, shadow: true}
          daily: {algorithm: FIXED_WINDOW, rate: 1, unit: year}
        permits:
          reports: {permits: 1, maxTtl: 5m}
        """);
    keeper.reload().await();
  }

  @Test
  void tellsThemAll() {
    get()
        .body("policies.name", equalTo(java.util.List.of("daily", "login", "trial", "watched")))
        .body("policies[0].algorithm", equalTo("FIXED_WINDOW"))
        .body("policies[0].unit", equalTo("year"))
        .body("policies[0].per", nullValue())
        .body("policies[1].rate", is(2))
        .body("policies[1].per", equalTo("1h"))
        .body("policies[1].burst", is(2))
        .body("policies[1].maxWait", equalTo("0s"))
        .body("policies[1].keys", equalTo("user:*"))
        .body("policies[1].whenEngineFails", equalTo("CLOSED"))
        .body("policies[3].shadow", is(true))
        .body("permits.name", equalTo(java.util.List.of("reports")))
        .body("permits[0].permits", is(1))
        .body("permits[0].maxTtl", equalTo("5m"))
        .body("refused", nullValue());
  }

  @Test
  void leasesGoByThemToo() throws InterruptedException {
    lease().statusCode(201);
    lease().statusCode(429);
    write("login: {rate: 1, per: 1h}\npermits: {reports: {permits: 2}}");
    keeper.reload().await();
    lease().statusCode(201);
    lease().statusCode(429);
  }

  private ValidatableResponse lease() {
    return given()
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\",\"policy\":\"reports\"}")
        .post("/permits")
        .then();
  }

  @Test
  void tellsThemOverGrpc() {
    GetPoliciesResponse response = grpc.getPolicies(GetPoliciesRequest.getDefaultInstance());

    assertEquals(4, response.getPoliciesCount());
    Policy login = response.getPolicies(1);
    assertEquals("login", login.getName());
    assertEquals(2, login.getLimit().getRate());
    assertEquals(3_600, login.getLimit().getPer().getSeconds());
    assertEquals("user:*", login.getKeys());
    assertEquals(1, response.getPermits(0).getPermits());
    assertEquals(300, response.getPermits(0).getMaxTtl().getSeconds());
    assertEquals(false, response.hasRefused());
  }

  @Test
  void requestsGoByThem() {
    acquire("login", key).statusCode(200).body("remaining", is(1));
    acquire("login", "order:1").statusCode(400).body("detail", containsString("user:*"));
    acquire("daily", key).statusCode(200);
    acquire("daily", key).statusCode(429);
    given()
        .contentType("application/json")
        .body("{\"key\":\"user:1\",\"policy\":\"login\",\"wait\":\"1s\"}")
        .post("/acquire")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("wait"));
  }

  @Test
  void aShadowCountsAndNeverRefuses() {
    double before = metric("sluice_limiter_decisions_total", "watched", "shadow");
    acquire("watched", key).statusCode(200).body("uncounted", nullValue());
    acquire("watched", key).statusCode(200).body("uncounted", equalTo("SHADOW"));
    assertEquals(before + 1, metric("sluice_limiter_decisions_total", "watched", "shadow"));
  }

  @Test
  void aChangeIsInForceFromTheNextLookOn() throws InterruptedException {
    acquire("login", key).statusCode(200);
    write("login: {rate: 1, per: 1h}");
    keeper.reload().await();

    acquire("login", key).statusCode(200).body("limit", is(1));
    acquire("login", key).statusCode(429);
    acquire("daily", key)
        .statusCode(400)
        .body("detail", containsString("must be one of [login, trial]"));
  }

  @Test
  void aWrongFileKeepsThePoliciesAndSaysWhereItIsWrong() throws InterruptedException {
    double before = loads("refused");
    write("login: {rate: 2, per: 1h}\n  other: {rate: many, per: 1h}");
    keeper.reload().await();

    get()
        .body("policies.name", hasItems("daily", "login", "watched"))
        .body("refused.file", equalTo(FILE.toString()))
        .body("refused.line", is(3))
        .body("refused.reason", containsString("rate is 'many'"));
    var refused = grpc.getPolicies(GetPoliciesRequest.getDefaultInstance()).getRefused();
    assertEquals(3, refused.getLine());
    assertEquals(before + 1, loads("refused"));
    acquire("daily", key).statusCode(200);
  }

  @Test
  void aLimitOfItsOwnIsRefusedWhenSwitchedOff() {
    given()
        .contentType("application/json")
        .body("{\"key\":\"k\",\"limit\":{\"rate\":1,\"per\":\"1s\"}}")
        .post("/acquire")
        .then()
        .statusCode(400)
        .body("detail", containsString("this service takes policies only"));
  }

  private static ValidatableResponse get() {
    return given().get("/policies").then().statusCode(200);
  }

  private static ValidatableResponse acquire(String policy, String key) {
    return given()
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\",\"policy\":\"" + policy + "\"}")
        .post("/acquire")
        .then();
  }

  private static double loads(String result) {
    return metric("sluice_limiter_policy_loads_total{result=\"" + result + "\"} ");
  }

  private static double metric(String name, String policy, String result) {
    return metric(name + "{policy=\"" + policy + "\",result=\"" + result + "\"} ");
  }

  /** Zero when it is not there. */
  private static double metric(String prefix) {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(prefix.length())))
        .sum();
  }

  private static Path file() {
    try {
      Path file = Files.createTempFile("policies", ".yaml");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void write(String policies) {
    try {
      Files.writeString(FILE, "policies:\n  " + policies);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
