package dev.sluice.limiter.api.permits;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code /permits}. */
@QuarkusTest
@TestProfile(PermitsProfile.class)
class PermitsHttpTest {
  private final String key = "db:" + UUID.randomUUID();

  @Test
  void grantsALeaseAndTellsWhereItIs() {
    Instant before = Instant.now();
    Response response = post("{'key':'%s','limit':3,'permits':2,'ttl':'20s','holder':'me'}");

    String lease = response.path("lease");
    response
        .then()
        .statusCode(201)
        .header("Location", "/permits/" + lease)
        .body("lease", matchesPattern("[A-Za-z0-9_-]{22,}"))
        .body("key", equalTo(key))
        .body("permits", equalTo(2))
        .body("limit", equalTo(3))
        .body("remaining", equalTo(1))
        .body("fence", greaterThan(0L))
        .body("waited", equalTo("0s"));
    assertTrue(!Instant.parse(response.path("expiresAt")).isBefore(before.plusSeconds(20)));
  }

  @Test
  void refusesWithTheNextExpiry() {
    post("{'key':'%s','limit':1,'ttl':'1h'}").then().statusCode(201);

    post("{'key':'%s','limit':1}")
        .then()
        .statusCode(429)
        .contentType("application/problem+json")
        .header("Retry-After", oneOf("3599", "3600"))
        .body("type", equalTo("/problems/rate-limited"))
        .body(
            "detail",
            equalTo("1 permits are not to be had for this key within wait, of 1 that may be out"))
        .body("limit", equalTo(1))
        .body("remaining", equalTo(0))
        .body("retryAfter", matchesPattern("\\d+(ms|s|m|h)"));
  }

  @Test
  void renewsWithAndWithoutABody() {
    Response granted = post("{'key':'%s','limit':1,'ttl':'1m'}");
    String location = granted.header("Location");
    Instant end = Instant.parse(granted.path("expiresAt"));

    Response same = when().put(location);
    same.then()
        .statusCode(200)
        .body("lease", equalTo(granted.path("lease")))
        .body("fence", equalTo(granted.path("fence")))
        .body("key", equalTo(key))
        .body("permits", equalTo(1));
    assertTrue(Instant.parse(same.path("expiresAt")).isAfter(end));

    Response empty = given().contentType("application/json").put(location);
    empty.then().statusCode(200);
    Response longer =
        given().contentType("application/json").body("{\"ttl\":\"5m\"}").put(location);
    longer.then().statusCode(200);
    Duration gained =
        Duration.between(
            Instant.parse(empty.path("expiresAt")), Instant.parse(longer.path("expiresAt")));
    assertTrue(gained.compareTo(Duration.ofMinutes(4)) > 0, gained.toString());
  }

  @Test
  void releasesOnceAndThenThereIsNoSuchLease() {
    String location = post("{'key':'%s','limit':1}").header("Location");

    when().delete(location).then().statusCode(204).body(is(""));

    for (ValidatableResponse each :
        new ValidatableResponse[] {when().delete(location).then(), when().put(location).then()}) {
      each.statusCode(404)
          .contentType("application/problem+json")
          .body("type", equalTo("/problems/not-found"))
          .body("detail", containsString("it never was, or has ended"));
    }
    post("{'key':'%s','limit':1}").then().statusCode(201);
  }

  @Test
  void aLeaseThatHasRunOutIsGone() {
    String location = post("{'key':'%s','limit':1,'ttl':'1ms'}").header("Location");

    Response next = post("{'key':'%s','limit':1,'wait':'10s'}"); // comes when the first has ended

    next.then().statusCode(201);
    when().put(location).then().statusCode(404);
    when().delete(location).then().statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAA", // an id, and nothing else
        "AAAAAAAAAAAAAAAAAAAAAABkYjox", // no end of the policy's name
        "AAAAAAAAAAAAAAAAAAAAAABwAGRiOjE", // as a lease of p's db:1 would be called
        "%00",
        "a%2Fb",
        "%F0%9F%A6%80"
      })
  void whatIsNoLeaseIsNotFound(String lease) {
    given().urlEncodingEnabled(false).delete("/permits/" + lease).then().statusCode(404);
    given().urlEncodingEnabled(false).put("/permits/" + lease).then().statusCode(404);
  }

  @Test
  void aWaiterGetsWhatIsReleased() {
    String location = post("{'key':'%s','limit':1}").header("Location");
    var waiter = waiter();
    awaitWaiting(1);

    when().delete(location).then().statusCode(204);

    waiter.join().then().statusCode(201).body("remaining", equalTo(0));
    assertTrue(!"0s".equals(waiter.join().path("waited")));
  }

  @Test
  void theLineIsBounded() {
    String location = post("{'key':'%s','limit':1}").header("Location");
    var one = waiter();
    var two = waiter();
    awaitWaiting(2);

    post("{'key':'%s','limit':1,'wait':'1h'}").then().statusCode(429);

    when().delete(location).then().statusCode(204);
    var first = (Response) CompletableFuture.anyOf(one, two).join();
    when().delete(first.header("Location")).then().statusCode(204);
    assertEquals(201, one.join().statusCode());
    assertEquals(201, two.join().statusCode());
  }

  @Test
  void tellsWhoHasLeases() {
    post("{'key':'%s','limit':5,'permits':2,'ttl':'1h','holder':'late'}");
    post("{'key':'%s','limit':5,'ttl':'1m'}");

    when()
        .get("/permits?limit=5&key=" + key)
        .then()
        .statusCode(200)
        .body("key", equalTo(key))
        .body("out", equalTo(3))
        .body("limit", equalTo(5))
        .body("remaining", equalTo(2))
        .body("waiting", equalTo(0))
        .body("leases", equalTo(2))
        .body("holders", hasSize(2))
        .body("holders[0].holder", nullValue())
        .body("holders[0].permits", equalTo(1))
        .body("holders[1].holder", equalTo("late"))
        .body("holders[1].lease", nullValue());
    when().get("/permits?key=" + key).then().body("out", equalTo(3)).body("limit", nullValue());
  }

  @Test
  void takesAPolicyByName() {
    post("{'key':'%s','policy':'db'}").then().statusCode(201).body("limit", equalTo(2));
    post("{'key':'%s','policy':'db'}").then().statusCode(201).body("remaining", equalTo(0));
    post("{'key':'%s','policy':'db'}").then().statusCode(429);
    post("{'key':'%s','limit':1}").then().statusCode(201); // not the policy's key

    when()
        .get("/permits?policy=db&key=" + key)
        .then()
        .body("out", equalTo(2))
        .body("limit", equalTo(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|limit: is required, or policy",
        "{}|key: is required",
        "{'key':'k'}|limit: is required, or policy",
        "{'key':'k','limit':1,'policy':'db'}|limit: must not be given together with policy",
        "{'key':'k','limit':0}|limit",
        "{'key':'k','limit':1000000001}|limit",
        "{'key':'k','limit':2,'permits':3}|permits: 3 is not allowed, must be 1 to the limit's 2",
        "{'key':'k','limit':2,'permits':0}|permits",
        "{'key':'k','limit':2,'ttl':'0s'}|ttl: 0s is not allowed, must be from 1ms to 1h",
        "{'key':'k','limit':2,'ttl':'61m'}|ttl: 61m is not allowed, must be from 1ms to 1h",
        "{'key':'k','limit':2,'ttl':'soon'}|ttl",
        "{'key':'k','limit':2,'wait':'11h'}|wait: 11h is not allowed, must be from 0s to 10h",
        "{'key':'k','limit':2,'holder':''}|holder",
        "{'key':'k','limit':2,'holder':'a\\u0000b'}|holder",
        "{'key':'k','policy':'nosuch'}|policy: \"nosuch\" is not allowed, must be one of [db]",
        "{'key':'k','policy':'db'}|key: \"k\" is not allowed, policy db takes keys like db:*",
        "{'key':'db:1','policy':'db','ttl':'11s'}|ttl",
        "{'key':'k','limit':2,'lease':'x'}|lease",
        "{'key':'k','limit':'x'}|limit",
        "[]|body",
      })
  void aRequestThatIsNotValidIsToldWhatIsWrong(String body, String named) {
    given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/permits")
        .then()
        .statusCode(400)
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/permits|key: is required",
        "/permits?key=|key",
        "/permits?key=k&limit=0|limit",
        "/permits?key=k&limit=x|limit: \"x\" is not allowed, must be a whole number",
        "/permits?key=k&limit=1&policy=db|limit: must not be given together with policy",
        "/permits?key=db:1&policy=nosuch|must be one of [db]",
      })
  void aLookThatIsNotValidIsToldWhatIsWrong(String path, String named) {
    when()
        .get(path)
        .then()
        .statusCode(400)
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named));
  }

  @Test
  void aRenewalThatIsNotValidIsToldWhatIsWrong() {
    String location = post("{'key':'%s','policy':'db'}").header("Location");
    for (String body : new String[] {"{'ttl':'0s'}", "{'ttl':'11s'}", "{'ttl':'2h'}", "{'x':1}"}) {
      given()
          .contentType("application/json")
          .body(body.replace('\'', '"'))
          .put(location)
          .then()
          .statusCode(400)
          .body("type", equalTo("/problems/invalid-input"));
    }
    when().post(location).then().statusCode(405).header("Allow", equalTo("DELETE, PUT"));
  }

  @Test
  void countsWhatItDoes() {
    post("{'key':'%s','limit':1}");
    post("{'key':'%s','limit':1}");

    when()
        .get("/q/metrics")
        .then()
        .body(matchesPattern("(?s).*sluice_limiter_leases_permits_out [1-9].*"))
        .body(containsString("sluice_limiter_leases_waiting "))
        .body(matchesPattern("(?s).*sluice_limiter_leases_granted_total [1-9].*"))
        .body(matchesPattern("(?s).*sluice_limiter_leases_refused_total [1-9].*"))
        .body(containsString("sluice_limiter_leases_expired_total "));
    when().get("/q/health/live").then().statusCode(200).body(containsString("permits-0"));
  }

  private CompletableFuture<Response> waiter() {
    return CompletableFuture.supplyAsync(
        () -> post("{'key':'%s','limit':1,'wait':'1h'}"), Thread::startVirtualThread);
  }

  private void awaitWaiting(int waiting) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!when().get("/permits?key=" + key).path("waiting").equals(waiting)) {
      assertTrue(System.nanoTime() < end, "not so many wait: " + waiting);
    }
  }

  private Response post(String body) {
    return given()
        .contentType("application/json")
        .body(body.formatted(key).replace('\'', '"'))
        .post("/permits");
  }
}
