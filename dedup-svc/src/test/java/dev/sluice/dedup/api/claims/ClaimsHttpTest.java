package dev.sluice.dedup.api.claims;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code /claims}. */
@QuarkusTest
@TestProfile(ClaimsProfile.class)
@Timeout(120)
class ClaimsHttpTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  private final String key = "pay-" + UUID.randomUUID();

  @Test
  void theFirstHasTheKeyWithALeaseAndATtl() {
    Instant before = Instant.now();
    Response first = claim("{'key':'%s'}");

    first
        .then()
        .statusCode(201)
        .contentType("application/json")
        .header("Location", equalTo("/claims/" + first.path("id")))
        .body("state", equalTo("claimed"))
        .body("token", matchesPattern("[0-9a-f]{32}"))
        .body("response", nullValue());
    assertTrue((long) first.path("fence") > 0);
    Instant leaseEnd = Instant.parse(first.path("leaseExpiresAt"));
    assertTrue(!leaseEnd.isBefore(before.plusSeconds(30)));
    assertEquals(
        Duration.ofHours(24).minusSeconds(30),
        Duration.between(leaseEnd, Instant.parse(first.path("expiresAt"))));
  }

  @Test
  void theOthersAreToldThatItIsInProgress() {
    claim("{'key':'%s','lease':'1h'}").then().statusCode(201);

    claim("{'key':'%s'}")
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/claim-in-progress"))
        .body("state", equalTo("in-progress"))
        .body("retryAfter", matchesPattern("(1h|59m.*|[0-9]+m?s)"))
        .header("Retry-After", matchesPattern("3[56][0-9][0-9]"))
        .body("instance", equalTo("/claims"));
  }

  @Test
  void whatItIsCompletedWithIsReplayedByteForByte() {
    Response first = claim("{'namespace':'payments','key':'%s','ttl':'1h'}");
    String response =
        "{'status':402,'headers':[{'name':'X-B','value':'2'},{'name':'X-A','value':'1'},"
            + "{'name':'X-B','value':''}],'body':'{\\n \\u00e9\\ud83e\\udd80\\u0000 }'}";

    complete(first, response)
        .statusCode(200)
        .body("state", equalTo("completed"))
        .body("id", equalTo(first.path("id")))
        .body("response", nullValue())
        .body("token", nullValue())
        .body("expiresAt", equalTo(first.path("expiresAt")));

    claim("{'namespace':'payments','key':'%s'}")
        .then()
        .statusCode(200)
        .body("state", equalTo("completed"))
        .body("response.status", equalTo(402))
        .body("response.headers.name", equalTo(List.of("X-B", "X-A", "X-B")))
        .body("response.headers.value", equalTo(List.of("2", "1", "")))
        .body("response.body", equalTo("{\n é🦀\0 }"))
        .body("response.bodyBase64", nullValue())
        .body("token", nullValue())
        .body("expiresAt", equalTo(first.path("expiresAt")));
    claim("{'key':'%s'}").then().statusCode(201); // another namespace
  }

  @Test
  void bytesComeBackAsBytes() {
    byte[] bytes = {0, -1, 65, 13, 10};
    String base64 = Base64.getEncoder().encodeToString(bytes);
    Response first = claim("{'key':'%s'}");
    complete(first, "{'status':200,'bodyBase64':'" + base64 + "'}").statusCode(200);

    claim("{'key':'%s'}")
        .then()
        .statusCode(200)
        .body("response.bodyBase64", equalTo(base64))
        .body("response.headers", equalTo(List.of()))
        .body("response.body", nullValue());
  }

  @Test
  void anEmptyResponseIsOneToo() {
    complete(claim("{'key':'%s'}"), "{'status':204}").statusCode(200);
    claim("{'key':'%s'}")
        .then()
        .statusCode(200)
        .body("response.status", equalTo(204))
        .body("response.body", equalTo(""));
  }

  @Test
  void toCompleteMayBeRepeatedWithTheSameResponseOnly() {
    Response first = claim("{'key':'%s'}");
    complete(first, "{'status':200,'body':'a'}").statusCode(200);
    complete(first, "{'status':200,'body':'a'}").statusCode(200);

    lost(complete(first, "{'status':200,'body':'b'}"));
    lost(renew(first, "{'token':'%s'}"));
    lost(abort(first));
    claim("{'key':'%s'}").then().body("response.body", equalTo("a"));
  }

  @Test
  void anotherFingerprintIsAMismatch() {
    Response first = claim("{'key':'%s','fingerprint':'a'}");
    for (int i = 0; i < 2; i++) {
      claim("{'key':'%s','fingerprint':'b','wait':'1h'}")
          .then()
          .statusCode(422)
          .contentType("application/problem+json")
          .body("type", equalTo("/problems/claim-mismatch"))
          .body("state", equalTo("mismatch"));
      complete(first, "{'status':200,'body':'a'}").statusCode(200);
    }
    claim("{'key':'%s','fingerprint':'a'}").then().statusCode(200);
    claim("{'key':'%s'}").then().statusCode(200);
  }

  @Test
  void anAbortedKeyIsTheNextOnes() {
    Response first = claim("{'key':'%s'}");
    abort(first).statusCode(204).body(is(""));

    Response next = claim("{'key':'%s'}");
    next.then().statusCode(201);
    assertTrue((long) next.path("fence") > (long) first.path("fence"));
    lost(abort(first));
    lost(complete(first, "{'status':200}"));
    complete(next, "{'status':200}").statusCode(200);
  }

  @Test
  void aRenewedLeaseLastsOn() {
    Response first = claim("{'key':'%s','lease':'10s'}");

    Response renewed =
        renew(first, "{'token':'%s','lease':'1h'}").statusCode(200).extract().response();

    assertEquals("claimed", renewed.path("state"));
    assertEquals((String) first.path("id"), renewed.path("id"));
    assertEquals((long) first.path("fence"), (long) renewed.path("fence"));
    assertEquals((String) first.path("expiresAt"), renewed.path("expiresAt"));
    Duration gained =
        Duration.between(
            Instant.parse(first.path("leaseExpiresAt")),
            Instant.parse(renewed.path("leaseExpiresAt")));
    assertTrue(gained.compareTo(Duration.ofMinutes(59)) > 0, gained.toString());
    renew(first, "{'token':'%s'}").statusCode(200); // the usual 30 s
  }

  @Test
  void whoWaitsHasTheKeyWhenTheLeaseEndsAndTheFirstIsFencedOut() {
    Response dead = claim("{'key':'%s','lease':'300ms'}");
    dead.then().statusCode(201);

    Response next = claim("{'key':'%s','wait':'1h'}"); // comes when the first has ended

    next.then().statusCode(201);
    assertTrue((long) next.path("fence") > (long) dead.path("fence"));
    assertTrue(
        !Instant.parse(next.path("leaseExpiresAt"))
            .isBefore(Instant.parse(dead.path("leaseExpiresAt")).plusSeconds(30)));
    lost(complete(dead, "{'status':200,'body':'late'}"));
    lost(renew(dead, "{'token':'%s'}"));
    complete(next, "{'status':200,'body':'in time'}").statusCode(200);
    claim("{'key':'%s'}").then().body("response.body", equalTo("in time"));
  }

  @Test
  void allWhoWaitGetTheResponse() {
    Response first = claim("{'key':'%s','lease':'1h'}");
    var one = waiter();
    var two = waiter();
    awaitWaiting(2);
    claim("{'key':'%s','wait':'1h'}").then().statusCode(409); // the line is full

    complete(first, "{'status':201,'body':'once'}").statusCode(200);

    one.join().then().statusCode(200).body("response.body", equalTo("once"));
    two.join().then().statusCode(200).body("response.body", equalTo("once"));
  }

  @Test
  void theWaitEnds() {
    claim("{'key':'%s','lease':'1h'}").then().statusCode(201);
    claim("{'key':'%s','wait':'20ms'}")
        .then()
        .statusCode(409)
        .body("state", equalTo("in-progress"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|key: is required",
        "{'key':''}|key",
        "{'key':'a\\u0000'}|key",
        "{'key':7}|key",
        "{'key':'k','namespace':''}|namespace",
        "{'key':'k','lease':'0s'}|lease: 0s is not allowed, must be from 1ms to 1h",
        "{'key':'k','lease':'61m'}|lease: 61m is not allowed, must be from 1ms to 1h",
        "{'key':'k','lease':'soon'}|lease",
        "{'key':'k','lease':30}|lease",
        "{'key':'k','ttl':'31d'}|ttl: 31d is not allowed, must be from 1ms to 30d",
        "{'key':'k','lease':'10s','ttl':'9s'}|ttl: 9s is not allowed, must be from 10s to 30d",
        "{'key':'k','ttl':'-1s'}|ttl",
        "{'key':'k','wait':'11h'}|wait: 11h is not allowed, must be from 0s to 10h",
        "{'key':'k','wait':'-1s'}|wait",
        "{'key':'k','fingerprint':''}|fingerprint",
        "{'key':'k','fingerprint':7}|fingerprint",
        "{'key':'k','fingerprint':'a\\u0007'}|fingerprint",
        "{'key':'k','colour':'red'}|colour",
        "{'key':'k','key':'l'}|key",
        "[]|body",
        "null|body",
        "{|line 1",
      })
  void aClaimThatIsNotValidIsToldWhatIsWrong(String body, String named) {
    invalid(post(body), named);
  }

  @Test
  void allThatIsWrongIsNamedAtOnce() {
    post("{'key':'','lease':'0s','ttl':'31d','wait':'11h','fingerprint':''}")
        .then()
        .statusCode(400)
        .body("errors.field", equalTo(List.of("key", "lease", "ttl", "wait", "fingerprint")));
  }

  @Test
  void whatIsNotSaidIsNeverInTheWay() {
    claim("{'key':'%s','ttl':'1s'}").then().statusCode(201);
    post("{'key':'" + key + "2','lease':'1h'}").then().statusCode(201);
    post("{'key':'" + "k".repeat(1024) + "','lease':'1ms','namespace':'" + key + "'}")
        .then()
        .statusCode(201);
    post("{'key':'" + "k".repeat(1025) + "'}").then().statusCode(400);
    claim("{'key':'%s3','fingerprint':'" + "f".repeat(256) + "'}").then().statusCode(201);
    claim("{'key':'%s4','fingerprint':'" + "f".repeat(257) + "'}").then().statusCode(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'response':{'status':200}}|token: is required",
        "{'token':'t'}|response: is required",
        "{'token':'t','response':null}|response: is required",
        "{'token':'t','response':{}}|response.status: is required",
        "{'token':'t','response':{'status':99}}|response.status: 99 is not allowed",
        "{'token':'t','response':{'status':600}}|response.status",
        "{'token':'t','response':{'status':'x'}}|status",
        "{'token':'t','response':{'status':200,'headers':{'A':'b'}}}|headers",
        "{'token':'t','response':{'status':200,'headers':[null]}}|response.headers[0]",
        "{'token':'t','response':{'status':200,'headers':[{'value':'b'}]}}|headers[0].name",
        "{'token':'t','response':{'status':200,'headers':[{'name':'A'}]}}|headers[0].value",
        "{'token':'t','response':{'status':200,'headers':[{'name':'A b','value':''}]}}|[0].name",
        "{'token':'t','response':{'status':200,'headers':[{'name':'A','value':'\\r\\n'}]}}|control",
        "{'token':'t','response':{'status':200,'headers':[{'name':'A','value':'','x':1}]}}|x",
        "{'token':'t','response':{'status':200,'body':'','bodyBase64':''}}|together with body",
        "{'token':'t','response':{'status':200,'bodyBase64':'*'}}|response.bodyBase64",
        "{'token':'t','response':{'status':200,'body':'a\\ud800b'}}|half of a surrogate",
        "{'token':'t','response':{'status':200},'x':1}|x",
        "null|body",
      })
  void aCompletionThatIsNotValidIsToldWhatIsWrong(String body, String named) {
    String location = claim("{'key':'%s'}").header("Location");
    invalid(given().contentType("application/json").body(json(body)).put(location), named);
  }

  @Test
  void aResponseOfMoreThanIsKeptIsTooMuch() {
    Response first = claim("{'key':'%s'}");
    String headers = "'headers':[{'name':'1234567890','value':'12345678901234'}]";
    String most = "x".repeat(1024 - 24);
    complete(first, "{'status':200," + headers + ",'body':'" + most + "y'}")
        .statusCode(400)
        .body("detail", containsString("1025 bytes with its headers, at most 1024 are kept"));
    complete(first, "{'status':200," + headers + ",'body':'" + most + "'}").statusCode(200);
  }

  @Test
  void arrivalsAtNoClaim() {
    for (String id : new String[] {"x", "bnM", "AGs", "bnMAaw==", "%00", "a%2Fb", "%F0%9F%A6%80"}) {
      String path = "/claims/" + id;
      given()
          .urlEncodingEnabled(false)
          .delete(path + "?token=" + TOKEN)
          .then()
          .statusCode(404)
          .body("type", equalTo("/problems/not-found"))
          .body("detail", not(containsString("dev.sluice")));
      given()
          .urlEncodingEnabled(false)
          .contentType("application/json")
          .body(json("{'token':'" + TOKEN + "','response':{'status':200}}"))
          .put(path)
          .then()
          .statusCode(404);
      given()
          .urlEncodingEnabled(false)
          .contentType("application/json")
          .body(json("{'token':'" + TOKEN + "'}"))
          .post(path + "/renew")
          .then()
          .statusCode(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TOKEN, "x", "%F0%9F%A6%80", "0123456789ABCDEF0123456789ABCDEF"})
  void aTokenThatIsNotTheOwnersIsRefused(String token) {
    String location = claim("{'key':'%s'}").header("Location");
    lost(given().urlEncodingEnabled(false).delete(location + "?token=" + token).then());
    claim("{'key':'%s'}").then().statusCode(409);
  }

  @Test
  void anAbortAndARenewalNeedAToken() {
    String location = claim("{'key':'%s'}").header("Location");
    invalid(when().delete(location), "token: is required");
    invalid(when().delete(location + "?token="), "token: is required");
    for (String body : new String[] {"{}", "{'token':null}", "{'token':'t','lease':'2h'}", "[]"}) {
      given()
          .contentType("application/json")
          .body(json(body))
          .post(location + "/renew")
          .then()
          .statusCode(400);
    }
    when().get(location).then().statusCode(405).header("Allow", equalTo("DELETE, PUT"));
  }

  @Test
  void countsWhatItDoes() {
    Response first = claim("{'key':'%s'}");
    claim("{'key':'%s'}");
    complete(first, "{'status':200,'body':'x'}");
    claim("{'key':'%s'}");

    String metrics = when().get("/q/metrics").asString();
    for (String each :
        new String[] {
          "sluice_dedup_claims_total{result=\"claimed\"} [1-9]",
          "sluice_dedup_claims_total{result=\"in-progress\"} [1-9]",
          "sluice_dedup_claims_total{result=\"replayed\"} [1-9]",
          "sluice_dedup_claims_ended_total{result=\"completed\"} [1-9]",
          "sluice_dedup_claims_waiting [0-9]",
          "sluice_dedup_claims_entries [1-9]",
          "sluice_dedup_claims_response_bytes [1-9]",
        }) {
      String pattern = each.replace("{", "\\{").replace("}", "\\}");
      assertTrue(
          metrics.lines().anyMatch(line -> line.matches(pattern + ".*")), each + " in " + metrics);
    }
    when().get("/q/health/live").then().statusCode(200).body(containsString("claims-0"));
  }

  private static void awaitWaiting(int waiting) {
    String line = "sluice_dedup_claims_waiting " + waiting + ".0";
    while (when().get("/q/metrics").asString().lines().noneMatch(line::equals)) {
      // not yet; the test's timeout ends this
    }
  }

  private CompletableFuture<Response> waiter() {
    var thread = Executors.newVirtualThreadPerTaskExecutor();
    return CompletableFuture.supplyAsync(() -> claim("{'key':'%s','wait':'1h'}"), thread);
  }

  private Response claim(String body) {
    return post(body.formatted(key));
  }

  private static Response post(String body) {
    return given().contentType("application/json").body(json(body)).post("/claims");
  }

  private static ValidatableResponse complete(Response claim, String response) {
    return given()
        .contentType("application/json")
        .body(json("{'token':'" + claim.path("token") + "','response':" + response + "}"))
        .put(claim.header("Location"))
        .then();
  }

  private static ValidatableResponse renew(Response claim, String body) {
    return given()
        .contentType("application/json")
        .body(json(body.formatted((String) claim.path("token"))))
        .post(claim.header("Location") + "/renew")
        .then();
  }

  private static ValidatableResponse abort(Response claim) {
    return when().delete(claim.header("Location") + "?token=" + claim.path("token")).then();
  }

  private static void lost(ValidatableResponse answer) {
    answer
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/claim-lost"));
  }

  private static void invalid(Response answer, String named) {
    answer
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named))
        .body("detail", not(containsString("dev.sluice")));
  }

  private static String json(String body) {
    return body.replace('\'', '"');
  }
}
