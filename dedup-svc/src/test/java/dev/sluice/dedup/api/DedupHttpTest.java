package dev.sluice.dedup.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code POST /dedup}. */
@QuarkusTest
class DedupHttpTest {
  private final String key = "evt-" + UUID.randomUUID();

  @Test
  void theFirstIsFirstAndHasAWindowOfTheTtl() {
    Instant before = Instant.now();
    JsonPath answer = answer("{'key':'%s','ttl':'10m'}");

    assertTrue(answer.getBoolean("first"));
    assertEquals(key, answer.getString("key"));
    assertEquals(1, answer.getLong("seen"));
    Instant firstSeenAt = Instant.parse(answer.getString("firstSeenAt"));
    assertTrue(!firstSeenAt.isBefore(before) && !firstSeenAt.isAfter(Instant.now()));
    assertEquals(
        firstSeenAt.plus(Duration.ofMinutes(10)), Instant.parse(answer.getString("expiresAt")));
  }

  @Test
  void theOthersAreCountedAndToldOfTheFirst() {
    JsonPath first = answer("{'key':'%s','ttl':'10m'}");

    for (int seen = 2; seen <= 4; seen++) {
      dedup("{'key':'%s','ttl':'1h'}")
          .statusCode(200)
          .body("first", equalTo(false))
          .body("key", equalTo(key))
          .body("seen", equalTo(seen))
          .body("firstSeenAt", equalTo(first.getString("firstSeenAt")))
          .body("expiresAt", equalTo(first.getString("expiresAt")));
    }
  }

  @Test
  void whoComesAfterTheWindowIsFirstAgain() {
    dedup("{'key':'%s','ttl':'1ns'}").statusCode(200).body("first", equalTo(true));

    dedup("{'key':'%s','ttl':'1ns'}")
        .statusCode(200)
        .body("first", equalTo(true))
        .body("seen", equalTo(1));
  }

  @Test
  void whoExtendsMakesTheWindowLastItsTtlFromNow() {
    JsonPath first = answer("{'key':'%s','ttl':'10m','extend':true}");
    JsonPath second = answer("{'key':'%s','ttl':'20m','extend':true}");
    JsonPath third = answer("{'key':'%s','ttl':'1m','extend':true}");
    JsonPath fourth = answer("{'key':'%s','ttl':'1h','extend':false}");

    assertTrue(first.getBoolean("first"));
    assertEquals(first.getString("firstSeenAt"), second.getString("firstSeenAt"));
    assertEquals(2, second.getLong("seen"));
    Instant end = Instant.parse(second.getString("expiresAt"));
    assertTrue(
        !end.isBefore(Instant.parse(first.getString("firstSeenAt")).plus(Duration.ofMinutes(20)))
            && !end.isAfter(Instant.now().plus(Duration.ofMinutes(20))));
    assertEquals(end, Instant.parse(third.getString("expiresAt")));
    assertEquals(end, Instant.parse(fourth.getString("expiresAt")));
    assertEquals(4, fourth.getLong("seen"));
  }

  @Test
  void theSameKeyInTwoNamespacesIsTwo() {
    dedup("{'key':'%s','ttl':'10m'}").body("first", equalTo(true));

    dedup("{'key':'%s','ttl':'10m','namespace':'orders'}")
        .statusCode(200)
        .body("first", equalTo(true));
    dedup("{'key':'%s','ttl':'10m','namespace':'default'}")
        .statusCode(200)
        .body("first", equalTo(false));
    dedup("{'key':'%s','ttl':'10m','namespace':null}").statusCode(200).body("seen", equalTo(3));
  }

  @Test
  void takesTheLongestTtlAndIsoDurations() {
    dedup("{'key':'%s','ttl':'7d'}").statusCode(200).body("first", equalTo(true));
    dedup("{'key':'%s','ttl':'PT0.25S'}").statusCode(200).body("first", equalTo(false));
  }

  @Test
  void ofAHundredAtOnceExactlyOneIsFirst() throws Exception {
    Callable<JsonPath> one = () -> answer("{'key':'%s','ttl':'10m'}");
    List<JsonPath> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
      List<Future<JsonPath>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(callers.submit(one));
      }
      for (Future<JsonPath> call : calls) {
        answers.add(call.get());
      }
    }
    assertEquals(1, answers.stream().filter(answer -> answer.getBoolean("first")).count());
    assertEquals(
        LongStream.rangeClosed(1, 100).boxed().toList(),
        answers.stream().map(answer -> answer.getLong("seen")).sorted().toList());
    assertEquals(
        1, answers.stream().map(answer -> answer.getString("expiresAt")).distinct().count());
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    post("{'key':'','ttl':'0s','namespace':''}")
        .statusCode(400)
        .body("errors.field", equalTo(List.of("key", "namespace", "ttl")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'ttl':'10m'}                                  | key: is required
          {'key':null,'ttl':'10m'}                       | key: is required
          {'key':'','ttl':'10m'}                         | key
          {'key':'a\\u0000b','ttl':'10m'}                | key
          {'key':'a\\ud800b','ttl':'10m'}                | key
          {'key':7,'ttl':'10m'}                          | key
          {'key':['k'],'ttl':'10m'}                      | key
          {'key':'k'}                                    | ttl: is required
          {'key':'k','ttl':null}                         | ttl: is required
          {'key':'k','ttl':''}                           | ttl
          {'key':'k','ttl':'0s'}                         | ttl: 0s is not allowed, must be more than 0 and at most 7d
          {'key':'k','ttl':'-1s'}                        | ttl
          {'key':'k','ttl':'-PT1S'}                      | ttl
          {'key':'k','ttl':'soon'}                       | ttl
          {'key':'k','ttl':'10'}                         | ttl
          {'key':'k','ttl':600}                          | ttl
          {'key':'k','ttl':-600}                         | ttl
          {'key':'k','ttl':1e300}                        | ttl
          {'key':'k','ttl':true}                         | ttl
          {'key':'k','ttl':{}}                           | ttl
          {'key':'k','ttl':'604800001ms'}                | ttl: 604800001ms is not allowed, must be more than 0 and at most 7d
          {'key':'k','ttl':'8d'}                         | at most 7d
          {'key':'k','ttl':'999999999d'}                 | ttl
          {'key':'k','ttl':'99999999999999999999999s'}   | ttl
          {'key':'k','ttl':'10m','namespace':''}         | namespace
          {'key':'k','ttl':'10m','namespace':7}          | namespace
          {'key':'k','ttl':'10m','namespace':'a\\nb'}    | namespace
          {'key':'k','ttl':'10m','colour':'red'}         | colour
          {'key':'k','ttl':'10m','extend':'perhaps'}     | extend
          {'key':'k','ttl':'10m','extend':1}             | extend
          {'key':'k','key':'l','ttl':'10m'}              | key
          {'key':                                        | line 1
          {'key':'k','ttl':'10m'} x                      | line 1
          []                                             | body
          null                                           | body
          7                                              | body
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    post(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("status", equalTo(400))
        .body("detail", containsString(named))
        .body("detail", not(containsString("dev.sluice")))
        .body("instance", equalTo("/dedup"));
  }

  @Test
  void anEmptyBodyIsAProblem() {
    given()
        .contentType("application/json")
        .post("/dedup")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("body"));
  }

  @Test
  void keysOf1024BytesAreTakenAndOneMoreIsNot() {
    post("{'key':'" + "k".repeat(1024) + "','ttl':'1ns'}").statusCode(200);
    post("{'key':'" + "k".repeat(1025) + "','ttl':'1ns'}").statusCode(400);
    post("{'key':'" + "é".repeat(512) + "','ttl':'1ns'}").statusCode(200);
    post("{'key':'" + "é".repeat(513) + "','ttl':'1ns'}").statusCode(400);
    post("{'key':'" + "k".repeat(10_000) + "','ttl':'1ns'}")
        .statusCode(400)
        .body("detail", allOf(containsString("key"), containsString("1024")));
    post("{'key':'k','ttl':'1ns','namespace':'" + "n".repeat(1024) + "'}").statusCode(200);
    post("{'key':'k','ttl':'1ns','namespace':'" + "n".repeat(1025) + "'}")
        .statusCode(400)
        .body("detail", allOf(containsString("namespace"), containsString("1024")));
  }

  @Test
  void tenMegabytesAreTooMuch() {
    post("{'key':'" + "k".repeat(10_000_000) + "'}")
        .statusCode(413)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/body-too-large"));
  }

  @Test
  void otherMethodsAndMediaTypesAreProblems() {
    given()
        .get("/dedup")
        .then()
        .statusCode(405)
        .contentType("application/problem+json")
        .header("Allow", containsString("POST"));
    given().contentType("text/plain").body("x").post("/dedup").then().statusCode(415);
    given()
        .contentType("application/json")
        .accept("text/plain")
        .body("{}")
        .post("/dedup")
        .then()
        .statusCode(406);
    given().get("/nosuch").then().statusCode(404).contentType("application/problem+json");
  }

  @Test
  void healthMetricsAndOpenApiTellOfTheService() {
    given().get("/q/health/live").then().statusCode(200).body(containsString("dedup-0"));
    given().get("/q/health/ready").then().statusCode(200);
    given().get("/q/health/started").then().statusCode(200);
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(
            containsString(
                "sluice_dedup_channel_depth{scope=\"dedup/processes\",channel=\"dedup-0\""))
        .body(containsString("sluice_dedup_channel_sent_total"))
        .body(containsString("sluice_dedup_store_asked_total"));
    given()
        .accept("application/json")
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body("paths", hasKey("/dedup"))
        .body("paths", hasKey("/dedup/batch"))
        .body("paths", hasKey("/dedup/peek"))
        .body("paths", hasKey("/dedup/{namespace}"))
        .body("paths", hasKey("/dedup/{namespace}/{key}"));
  }

  @Test
  void whatItKeepsItselfIsCounted() {
    given()
        .get("/q/metrics")
        .then()
        .body(containsString("sluice_dedup_entries "))
        .body(containsString("sluice_dedup_evicted_total 0.0"));
  }

  @Test
  void everyDecisionIsCounted() {
    double first = decisions("first");
    double duplicate = decisions("duplicate");

    dedup("{'key':'%s','ttl':'10m'}").statusCode(200);
    dedup("{'key':'%s','ttl':'10m'}").statusCode(200);
    dedup("{'key':'%s','ttl':'10m'}").statusCode(200);

    assertEquals(first + 1, decisions("first"));
    assertEquals(duplicate + 2, decisions("duplicate"));
    assertEquals(0, decisions("refused"));
    assertEquals(0, decisions("unavailable"));
  }

  private static double decisions(String result) {
    String name = "sluice_dedup_decisions_total{result=\"" + result + "\"";
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private ValidatableResponse dedup(String body) {
    return post(body.formatted(key));
  }

  private JsonPath answer(String body) {
    return dedup(body).statusCode(200).contentType("application/json").extract().jsonPath();
  }

  private static ValidatableResponse post(String body) {
    return given()
        .contentType("application/json; charset=utf-8")
        .body(body.replace('\'', '"'))
        .post("/dedup")
        .then();
  }
}
