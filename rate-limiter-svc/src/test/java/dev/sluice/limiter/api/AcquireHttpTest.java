package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code POST /acquire}. */
@QuarkusTest
class AcquireHttpTest {
  private final String key = "user:" + UUID.randomUUID();

  @Test
  void grantsWithWhatIsLeftAndTheRateLimitHeaders() {
    acquire("{'key':'%s','permits':1,'limit':{'rate':100,'per':'1s','burst':200},'wait':'250ms'}")
        .statusCode(200)
        .body("granted", equalTo(true))
        .body("key", equalTo(key))
        .body("permits", equalTo(1))
        .body("limit", equalTo(200))
        .body("remaining", equalTo(199))
        .body("waited", equalTo("0s"))
        .body("resetAfter", equalTo("10ms"))
        .header("RateLimit-Policy", "\"inline\";q=200;w=2")
        .header("RateLimit", "\"inline\";r=199;t=1");
  }

  @Test
  void permitsDefaultToOneBurstToTheRateAndWaitToNone() {
    acquire("{'key':'%s','limit':{'rate':5,'per':'1h'}}")
        .statusCode(200)
        .body("permits", equalTo(1))
        .body("limit", equalTo(5))
        .body("remaining", equalTo(4));
  }

  @Test
  void refusesWith429AndTheTimeToTryAgain() {
    acquire("{'key':'%s','permits':3,'limit':{'rate':1,'per':'1m','burst':3}}").statusCode(200);

    acquire("{'key':'%s','permits':2,'limit':{'rate':1,'per':'1m','burst':3}}")
        .statusCode(429)
        .contentType("application/problem+json")
        .header("Retry-After", "120")
        .header("RateLimit-Policy", "\"inline\";q=3;w=180")
        .header("RateLimit", "\"inline\";r=0;t=120")
        .body("type", equalTo("/problems/rate-limited"))
        .body("status", equalTo(429))
        .body("remaining", equalTo(0))
        .body("retryAfter", matchesPattern("1(19|20).*"))
        .body("instance", equalTo("/acquire"));
  }

  @Test
  void waitsForThePermit() {
    String waited = "0s";
    for (int attempt = 0;
        waited.equals("0s") && attempt < 10;
        attempt++) { // this machine may be slower than the bucket
      String body =
          "{'key':'%s%d','limit':{'rate':1,'per':'1s'},'wait':'10s'}".formatted(key, attempt);
      post(body).statusCode(200).body("waited", equalTo("0s"));
      waited = post(body).statusCode(200).body("granted", equalTo(true)).extract().path("waited");
    }
    assertNotEquals("0s", waited);
  }

  @Test
  void refusesAtOnceWhatTheWaitCannotMeet() {
    acquire("{'key':'%s','limit':{'rate':1,'per':'1h','burst':1}}").statusCode(200);

    acquire("{'key':'%s','limit':{'rate':1,'per':'1h','burst':1},'wait':'10s'}").statusCode(429);
  }

  @Test
  void countsBySlidingAndFixedWindows() {
    acquire("{'key':'%s','permits':2,'limit':{'algorithm':'SLIDING_WINDOW','rate':3,'per':'1d'}}")
        .statusCode(200)
        .body("limit", equalTo(3))
        .body("remaining", equalTo(1))
        .header("RateLimit-Policy", "\"inline\";q=3;w=86400");
    acquire("{'key':'%s','permits':2,'limit':{'algorithm':'SLIDING_WINDOW','rate':3,'per':'1d'}}")
        .statusCode(429);
    acquire("{'key':'%s','permits':3,'limit':{'algorithm':'FIXED_WINDOW','rate':3,'unit':'year'}}")
        .statusCode(200)
        .body("remaining", equalTo(0));
    acquire("{'key':'%s','permits':1,'limit':{'algorithm':'FIXED_WINDOW','rate':3,'unit':'year'}}")
        .statusCode(429);
  }

  @Test
  void takesAPolicyByName() {
    acquire("{'key':'%s','policy':'trial'}")
        .statusCode(200)
        .body("limit", equalTo(10))
        .header("RateLimit-Policy", "\"trial\";q=10;w=2");
  }

  @Test
  void aHundredAtOnceGetExactlyTheBurst() throws Exception {
    Callable<Integer> one =
        () -> post("{'key':'%s','limit':{'rate':1,'per':'1h','burst':7}}").extract().statusCode();
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(callers.submit(one));
      }
      for (Future<Integer> call : calls) {
        statuses.add(call.get());
      }
    }
    assertEquals(7, statuses.stream().filter(status -> status == 200).count());
    assertEquals(93, statuses.stream().filter(status -> status == 429).count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'limit':{'rate':1,'per':'1s'}}                                   | key
          {'key':'','limit':{'rate':1,'per':'1s'}}                          | key
          {'key':'a\\u0000b','limit':{'rate':1,'per':'1s'}}                 | key
          {'key':7,'limit':{'rate':1,'per':'1s'}}                           | key
          {'key':'k'}                                                       | limit: is required, or policy
          {'key':'k','policy':'trial','limit':{'rate':1,'per':'1s'}}        | limit: must not be given together with policy
          {'key':'k','policy':'nosuch'}                                     | trial
          {'key':'k','limit':{'per':'1s'}}                                  | limit.rate
          {'key':'k','limit':{'rate':0,'per':'1s'}}                         | limit.rate
          {'key':'k','limit':{'rate':-1,'per':'1s'}}                        | limit.rate
          {'key':'k','limit':{'rate':1e300,'per':'1s'}}                     | limit.rate
          {'key':'k','limit':{'rate':99999999999999999999,'per':'1s'}}      | limit.rate
          {'key':'k','limit':{'rate':1.5,'per':'1s'}}                       | limit.rate
          {'key':'k','limit':{'rate':'1','per':'1s'}}                       | limit.rate
          {'key':'k','limit':{'rate':1}}                                    | limit.per: is required for TOKEN_BUCKET
          {'key':'k','limit':{'rate':1,'algorithm':'SLIDING_WINDOW'}}       | limit.per: is required for SLIDING_WINDOW
          {'key':'k','limit':{'rate':1,'algorithm':'FIXED_WINDOW'}}         | limit.unit: is required for FIXED_WINDOW
          {'key':'k','limit':{'rate':1,'per':'1s','unit':'hour'}}           | limit.unit: 'hour' is not allowed, must not be given for TOKEN_BUCKET
          {'key':'k','limit':{'rate':1,'algorithm':'FIXED_WINDOW','unit':'fortnight'}} | limit.unit: 'fortnight' is not allowed, must be one of second, minute, hour, day, week, month, year
          {'key':'k','limit':{'rate':1,'algorithm':'LEAKY','per':'1s'}}     | limit.algorithm
          {'key':'k','limit':{'rate':1,'per':'0s'}}                         | limit.per
          {'key':'k','limit':{'rate':1,'per':'-1s'}}                        | limit.per
          {'key':'k','limit':{'rate':1,'per':'soon'}}                       | limit.per
          {'key':'k','limit':{'rate':1,'per':'999999999d'}}                 | limit.per
          {'key':'k','limit':{'rate':1,'per':'1s','burst':0}}               | limit.burst
          {'key':'k','limit':{'rate':1,'per':'366d','burst':1000000000}}    | limit: {'rate':1,'per':'366d','burst':1000000000} is not allowed, burst is 1000000000, at this rate an empty bucket would not be full again within 100 years
          {'key':'k','permits':0,'limit':{'rate':1,'per':'1s'}}             | permits
          {'key':'k','permits':-3,'limit':{'rate':1,'per':'1s'}}            | permits
          {'key':'k','permits':2,'limit':{'rate':1,'per':'1s'}}             | permits: 2 is not allowed, must be 1 to the limit
          {'key':'k','permits':'two','limit':{'rate':1,'per':'1s'}}         | permits
          {'key':'k','wait':'11s','limit':{'rate':1,'per':'1s'}}            | wait: 11s is not allowed, must be from 0s to 10s
          {'key':'k','wait':5,'limit':{'rate':1,'per':'1s'}}                | wait
          {'key':'k','colour':'red','limit':{'rate':1,'per':'1s'}}          | colour
          {'key':'k','limit':{'rate':1,'per':'1s','colour':'red'}}          | colour
          {'key':'k','key':'l','limit':{'rate':1,'per':'1s'}}               | key
          {'key':'k','limit':[1]}                                           | limit
          {'key':                                                           | line 1
          []                                                                | body
          null                                                              | body
          7                                                                 | body
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    post(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named.replace('\'', '"')))
        .body("detail", not(containsString("dev.sluice")))
        .body("errors.size()", greaterThan(0));
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    post("{'key':'','permits':0,'limit':{'rate':0},'wait':'11s'}")
        .statusCode(400)
        .body(
            "errors.field", equalTo(List.of("key", "limit.rate", "permits", "limit.per", "wait")));
    post("{'key':'','permits':2,'limit':{'rate':1,'per':'1s'},'wait':'11s'}")
        .statusCode(400)
        .body("errors.field", equalTo(List.of("key", "permits", "wait")));
    post("{'permits':0,'wait':'11s'}")
        .statusCode(400)
        .body("errors.field", equalTo(List.of("key", "permits", "limit", "wait")));
  }

  @Test
  void anEmptyBodyIsAProblem() {
    given()
        .contentType("application/json")
        .post("/acquire")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("body"));
  }

  @Test
  void aKeyOf256BytesIsTakenAndOneMoreIsNot() {
    post("{'key':'" + "k".repeat(256) + "','limit':{'rate':1,'per':'1ns'}}").statusCode(200);
    post("{'key':'" + "k".repeat(257) + "','limit':{'rate':1,'per':'1ns'}}").statusCode(400);
    post("{'key':'" + "k".repeat(10_000) + "','limit':{'rate':1,'per':'1ns'}}")
        .statusCode(400)
        .body("detail", allOf(containsString("key"), containsString("256")));
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
    given().get("/acquire").then().statusCode(405).contentType("application/problem+json");
    given().contentType("text/plain").body("x").post("/acquire").then().statusCode(415);
    given()
        .contentType("application/json")
        .accept("text/plain")
        .body("{}")
        .post("/acquire")
        .then()
        .statusCode(406);
    given().get("/nosuch").then().statusCode(404).contentType("application/problem+json");
  }

  @Test
  void healthMetricsAndOpenApiTellOfTheService() {
    given().get("/q/health/live").then().statusCode(200).body(containsString("limiter-0"));
    given().get("/q/health/ready").then().statusCode(200);
    given().get("/q/health/started").then().statusCode(200);
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(
            containsString(
                "sluice_limiter_channel_depth{scope=\"rate-limiter/processes\",channel=\"limiter-0\""))
        .body(containsString("sluice_limiter_channel_sent_total"));
    given()
        .accept("application/json")
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body("paths.size()", greaterThan(0));
  }

  private ValidatableResponse acquire(String body) {
    return post(body.formatted(key));
  }

  private static ValidatableResponse post(String body) {
    return given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/acquire")
        .then();
  }
}
