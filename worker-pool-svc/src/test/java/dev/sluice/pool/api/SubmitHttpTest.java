package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.awaitState;
import static dev.sluice.pool.api.Pool.job;
import static dev.sluice.pool.api.Pool.queue;
import static dev.sluice.pool.api.Pool.submit;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code POST /submit}, {@code GET /jobs/{id}} and {@code GET /queue}. */
@QuarkusTest
@Timeout(120)
class SubmitHttpTest {
  private final Channel<Received> received = Channel.buffered(1_000);

  /** Answers with the status in the path: {@code /503}, or several in turn: {@code /503/200}. */
  private final TargetServer target =
      new TargetServer((got, exchange) -> {
        received.trySend(got);
        String[] statuses = got.uri().getPath().substring(1).split("/");
        int attempt = Integer.parseInt(got.header("Sluice-Attempt"));
        TargetServer.answer(
            exchange, Integer.parseInt(statuses[Math.min(attempt, statuses.length) - 1]));
      });

  @AfterEach
  void close() {
    target.close();
  }

  // The good path

  @Test
  void acceptsAJobAndCallsItsTarget() throws Exception {
    String id =
        submit(
                """
                {'target':{'method':'PUT','url':'%s','headers':{'x':'y'},'body':{'n':1.00,'list':[null,'a']}},
                 'attempts':3,'timeout':'2s','backoff':'100ms','wait':'250ms'}\
                """
                    .formatted(target.url("/200?a=b")))
            .statusCode(202)
            .contentType("application/json")
            .body("state", equalTo("queued"))
            .body("size()", equalTo(2))
            .header("Location", matchesPattern("(http://localhost:\\d+)?/jobs/[0-9a-f-]{36}"))
            .extract()
            .path("id");

    Received call = received.receive();
    assertEquals("PUT", call.method());
    assertEquals("/200?a=b", call.uri().toString());
    assertEquals("y", call.header("x"));
    assertEquals("{\"n\":1.00,\"list\":[null,\"a\"]}", call.body());
    assertEquals(id, call.header("Idempotency-Key"));
    assertEquals("1", call.header("Sluice-Attempt"));

    awaitState(id, "succeeded")
        .body("id", equalTo(id))
        .body("attempts", hasSize(1))
        .body("attempts[0].number", equalTo(1))
        .body("attempts[0].status", equalTo(200))
        .body("attempts[0].error", nullValue())
        .body("attempts[0].startedAt", matchesPattern("20.*Z"))
        .body("attempts[0].finishedAt", matchesPattern("20.*Z"))
        .body("target.method", equalTo("PUT"))
        .body("target.url", equalTo(target.url("/200?a=b").toString()))
        .body("target", not(hasKey("headers")))
        .body("target", not(hasKey("body")))
        .body("maxAttempts", equalTo(3))
        .body("timeout", equalTo("2s"))
        .body("backoff", equalTo("100ms"))
        .body("acceptedAt", matchesPattern("20.*Z"))
        .body("finishedAt", matchesPattern("20.*Z"))
        .body("nextAttemptAt", nullValue());
  }

  @Test
  void locationIsWhereTheJobIs() {
    String location =
        submit("{'target':{'url':'%s'}}".formatted(target.url("/200")))
            .extract()
            .header("Location");

    given().get(location).then().statusCode(200).body("state", notNullValue());
  }

  @Test
  void onlyTheUrlIsRequired() throws Exception {
    String id = accepted("{'target':{'url':'%s'}}".formatted(target.url("/200")));

    Received call = received.receive();
    assertEquals("POST", call.method());
    assertEquals("", call.body());
    job(id)
        .body("maxAttempts", equalTo(3))
        .body("timeout", equalTo("10s"))
        .body("backoff", equalTo("1s"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
  void makesEveryMethod(String method) throws Exception {
    accepted("{'target':{'method':'%s','url':'%s'}}".formatted(method, target.url("/200")));

    assertEquals(method, received.receive().method());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "7", "1E+400", "true", "'text'", "[[[{'a':0.10}]]]"})
  void theBodyIsAnyJson(String body) throws Exception {
    accepted("{'target':{'url':'%s','body':%s}}".formatted(target.url("/200"), body));

    assertEquals(body.replace('\'', '"'), received.receive().body());
  }

  @Test
  void aBodyOfNullIsNone() throws Exception {
    accepted("{'target':{'method':'GET','url':'%s','body':null}}".formatted(target.url("/200")));

    assertEquals("", received.receive().body());
  }

  @Test
  void anAddressOutsideOfAsciiIsEncoded() throws Exception {
    accepted("{'target':{'url':'%s'}}".formatted(target.url("/200") + "?ä=ß"));

    assertEquals("/200?%C3%A4=%C3%9F", received.receive().uri().toString());
  }

  // What comes of it

  @Test
  void retriesUntilItSucceeds() {
    String id =
        accepted("{'target':{'url':'%s'},'backoff':'1ms'}".formatted(target.url("/503/500/200")));

    awaitState(id, "succeeded")
        .body("attempts.number", equalTo(List.of(1, 2, 3)))
        .body("attempts.status", equalTo(List.of(503, 500, 200)));
  }

  @Test
  void givesUpWhenTheAttemptsAreExhausted() {
    String id =
        accepted(
            "{'target':{'url':'%s'},'attempts':2,'backoff':'1ms'}".formatted(target.url("/429")));

    awaitState(id, "failed")
        .body("attempts.status", equalTo(List.of(429, 429)))
        .body("finishedAt", notNullValue());
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 404, 410})
  void givesUpAtOnceWhereAnotherAttemptIsNotWorthwhile(int status) {
    String id = accepted("{'target':{'url':'%s'}}".formatted(target.url("/" + status)));

    awaitState(id, "failed").body("attempts.status", equalTo(List.of(status)));
  }

  @Test
  void tellsWhenTheNextAttemptIsDue() {
    String id = accepted("{'target':{'url':'%s'},'backoff':'5m'}".formatted(target.url("/500")));

    awaitState(id, "retrying")
        .body("nextAttemptAt", matchesPattern("20.*Z"))
        .body("finishedAt", nullValue());
  }

  @Test
  void tellsWhyThereWasNoAnswer() {
    String id = accepted("{'target':{'url':'http://no-such-host.invalid/'},'attempts':1}");

    awaitState(id, "failed")
        .body("attempts[0].status", nullValue())
        .body("attempts[0].error", equalTo("the host no-such-host.invalid is unknown"));
  }

  @Test
  void aTargetThatIsTooSlowIsTriedAgain() throws Exception {
    var release = new Reply<Boolean>();
    try (var slow =
        new TargetServer((got, exchange) -> {
          if (got.header("Sluice-Attempt").equals("1")) {
            release.stage().toCompletableFuture().join();
          }
          TargetServer.answer(exchange, 200);
        })) {
      String id =
          accepted(
              "{'target':{'url':'%s'},'timeout':'50ms','backoff':'1ms','attempts':100}"
                  .formatted(slow.url("/")));
      awaitState(id, "succeeded")
          .body("attempts[0].error", equalTo("no answer within 50ms"))
          .body("attempts[0].status", nullValue());
      release.complete(true);
    }
  }

  @Test
  void twoHundredAtOnceAreEachDoneOnce() throws Exception {
    Set<String> ids = new HashSet<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
      List<Future<String>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(
            callers.submit(() ->
                accepted("{'target':{'url':'%s'},'wait':'30s'}".formatted(target.url("/200")))));
      }
      for (Future<String> call : calls) {
        ids.add(call.get());
      }
    }
    assertEquals(200, ids.size());
    Set<String> called = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      assertTrue(called.add(received.receive().header("Idempotency-Key")), "none is done twice");
    }
    assertEquals(ids, called);
  }

  // Looking

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01a20ad0-bb83-71aa-98a5-41655ff84edd",
        "01A20AD0-BB83-71AA-98A5-41655FF84EDD",
        "1-1-1-1-1",
        "nosuch",
        "7",
        "%00"
      })
  void aJobThatIsNotKnownIsAProblem(String id) {
    given()
        .urlEncodingEnabled(false)
        .get("/jobs/" + id)
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/not-found"))
        .body("detail", startsWith("no job "));
  }

  @Test
  void theNumbersOfTheQueueAddUp() {
    accepted("{'target':{'url':'%s'},'backoff':'5m'}".formatted(target.url("/500")));
    String done = accepted("{'target':{'url':'%s'}}".formatted(target.url("/200")));
    awaitState(done, "succeeded");

    JsonPath queue = queue();
    assertEquals(1_000, queue.getInt("capacity"));
    assertEquals(16, queue.getInt("workers"));
    assertEquals(
        queue.getInt("depth"),
        queue.getInt("queued") + queue.getInt("running") + queue.getInt("retrying"));
    assertEquals(
        queue.getInt("accepted") + queue.getInt("loaded"),
        queue.getInt("depth") + queue.getInt("succeeded") + queue.getInt("failed"));
    assertTrue(queue.getInt("succeeded") > 0 && queue.getInt("depth") > 0, queue::prettify);
    for (String number :
        List.of("waiting", "refused", "retried", "attempts", "finished", "content")) {
      assertTrue(queue.getInt(number) >= 0, number);
    }
    assertEquals(false, queue.getBoolean("draining"));
  }

  @Test
  void healthMetricsAndOpenApiTellOfTheService() {
    given()
        .get("/q/health/live")
        .then()
        .statusCode(200)
        .body(allOf(containsString("job-queue"), containsString("worker-0")));
    given().get("/q/health/ready").then().statusCode(200);
    given().get("/q/health/started").then().statusCode(200);
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(
            allOf(
                containsString(
                    "sluice_pool_channel_depth{scope=\"worker-pool/processes\",channel=\"job-queue\""),
                containsString("sluice_pool_capacity 1000.0"),
                containsString("sluice_pool_jobs{state=\"retrying\""),
                containsString("sluice_pool_accepted_total"),
                containsString("sluice_pool_attempt_seconds_total")));
    given()
        .accept("application/json")
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body("paths.keySet()", equalTo(Set.of("/submit", "/jobs/{id}", "/queue")));
  }

  // Bad input

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {}                                                                          | target: is required
          {'target':null}                                                             | target: is required
          {'target':[]}                                                               | target
          {'target':'http://a/'}                                                      | target
          {'target':{}}                                                               | target.url: is required
          {'target':{'url':7}}                                                        | target.url
          {'target':{'url':''}}                                                       | target.url: '' is not allowed
          {'target':{'url':'/hook'}}                                                  | target.url
          {'target':{'url':'//a/hook'}}                                               | target.url
          {'target':{'url':'a.example/hook'}}                                         | target.url
          {'target':{'url':'ftp://a.example/'}}                                       | with http or https
          {'target':{'url':'file:///etc/passwd'}}                                     | with http or https
          {'target':{'url':'http:///hook'}}                                           | target.url
          {'target':{'url':'http://'}}                                                | target.url
          {'target':{'url':'http://under_score/'}}                                    | and a host
          {'target':{'url':'http://a b/'}}                                            | Illegal character in authority at index 8
          {'target':{'url':'http://a/\\u0000'}}                                       | target.url
          {'target':{'url':'http://a:0/'}}                                            | a port from 1 to 65535
          {'target':{'url':'http://a:65536/'}}                                        | a port from 1 to 65535
          {'target':{'url':'http://user:secret@a/'}}                                  | user name or password
          {'target':{'url':'http://a/','method':'FETCH'}}                             | must be one of GET, POST, PUT, PATCH, DELETE, HEAD
          {'target':{'url':'http://a/','method':'post'}}                              | target.method
          {'target':{'url':'http://a/','method':'CONNECT'}}                           | target.method
          {'target':{'url':'http://a/','method':1}}                                   | target.method
          {'target':{'url':'http://a/','method':'GET','body':{}}}                     | target.body: must not be given with GET
          {'target':{'url':'http://a/','method':'HEAD','body':1}}                     | target.body: must not be given with HEAD
          {'target':{'url':'http://a/','headers':[]}}                                 | target.headers
          {'target':{'url':'http://a/','headers':{'x':1}}}                            | target.headers.x
          {'target':{'url':'http://a/','headers':{'x':null}}}                         | target.headers.x
          {'target':{'url':'http://a/','headers':{'x':['a']}}}                        | target.headers.x
          {'target':{'url':'http://a/','headers':{'':'a'}}}                           | token
          {'target':{'url':'http://a/','headers':{'a b':'a'}}}                        | token
          {'target':{'url':'http://a/','headers':{'x':'a\\r\\nHost: b'}}}             | target.headers.x
          {'target':{'url':'http://a/','headers':{'x':'ä'}}}                          | visible ASCII
          {'target':{'url':'http://a/','headers':{'X':'a','x':'b'}}}                  | twice
          {'target':{'url':'http://a/','headers':{'Host':'b'}}}                       | 'Host' is not allowed
          {'target':{'url':'http://a/','headers':{'content-length':'1'}}}             | 'content-length' is not allowed
          {'target':{'url':'http://a/','headers':{'Connection':'close'}}}             | 'Connection' is not allowed
          {'target':{'url':'http://a/','headers':{'Transfer-Encoding':'chunked'}}}    | 'Transfer-Encoding' is not allowed
          {'target':{'url':'http://a/','headers':{'Upgrade':'h2c'}}}                  | 'Upgrade' is not allowed
          {'target':{'url':'http://a/','headers':{'Expect':'100-continue'}}}          | 'Expect' is not allowed
          {'target':{'url':'http://a/','headers':{'TE':'trailers'}}}                  | 'TE' is not allowed
          {'target':{'url':'http://a/','headers':{'Idempotency-Key':'1'}}}            | 'Idempotency-Key' is not allowed
          {'target':{'url':'http://a/','headers':{'Sluice-Attempt':'1'}}}             | 'Sluice-Attempt' is not allowed
          {'target':{'url':'http://a/','colour':'red'}}                               | colour
          {'target':{'url':'http://a/'},'colour':'red'}                               | colour
          {'target':{'url':'http://a/'},'attempts':0}                                 | attempts: 0
          {'target':{'url':'http://a/'},'attempts':-1}                                | attempts: -1
          {'target':{'url':'http://a/'},'attempts':101}                               | attempts: 101
          {'target':{'url':'http://a/'},'attempts':99999999999}                       | attempts
          {'target':{'url':'http://a/'},'attempts':1.5}                               | attempts
          {'target':{'url':'http://a/'},'attempts':'3'}                               | attempts
          {'target':{'url':'http://a/'},'timeout':'0s'}                               | timeout: 0s is not allowed, must be from 1ms to 10m
          {'target':{'url':'http://a/'},'timeout':'999us'}                            | timeout
          {'target':{'url':'http://a/'},'timeout':'601s'}                             | timeout
          {'target':{'url':'http://a/'},'timeout':'-1s'}                              | timeout
          {'target':{'url':'http://a/'},'timeout':5}                                  | timeout
          {'target':{'url':'http://a/'},'timeout':'soon'}                             | timeout
          {'target':{'url':'http://a/'},'backoff':'0s'}                               | backoff: 0s is not allowed, must be from 1ms to 10m
          {'target':{'url':'http://a/'},'backoff':'11m'}                              | backoff
          {'target':{'url':'http://a/'},'wait':'31s'}                                 | wait: 31s is not allowed, must be from 0s to 30s
          {'target':{'url':'http://a/'},'wait':'-1s'}                                 | wait
          {'target':{'url':'http://a/'},'wait':'999999999d'}                          | wait
          {'target':{'url':'http://a/','url':'http://b/'}}                            | url
          {'target':{'url':'http://a/'                                                | line 1
          []                                                                          | body
          null                                                                        | body
          7                                                                           | body
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    int before = queue().getInt("accepted");
    submit(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named.replace('\'', '"')))
        .body("detail", not(containsString("dev.sluice")));
    assertEquals(before, queue().getInt("accepted"));
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    submit("{'target':{'method':'FETCH','url':'nowhere','headers':{'Host':'a','x':'\\n'}}}")
        .statusCode(400)
        .body(
            "errors.field",
            equalTo(List.of("target.method", "target.url", "target.headers", "target.headers.x")));
  }

  @Test
  void theTargetIsNamedTogetherWithTheRest() {
    submit(
            "{'target':{'url':'ftp://x','method':'get','headers':{'Host':'1'}},"
                + "'attempts':0,'timeout':'0s','backoff':'0s','wait':'31s'}")
        .statusCode(400)
        .body(
            "errors.field",
            equalTo(
                List.of(
                    "attempts",
                    "timeout",
                    "target.method",
                    "target.url",
                    "target.headers",
                    "backoff",
                    "wait")));
  }

  @Test
  void halfOfASurrogatePairIsRefused() {
    submit("{'target':{'url':'http://a/','body':{'k':'\\ud800'}}}")
        .statusCode(400)
        .body("errors.field", equalTo(List.of("target.body.k")));
  }

  @Test
  void numbersInTheBodyKeepTheirText() throws Exception {
    accepted(
        "{'target':{'url':'%s','body':[1e5,-0.0,1.10,1e99999999999]}}"
            .formatted(target.url("/200")));
    assertEquals("[1e5,-0.0,1.10,1e99999999999]", received.receive().body());
  }

  @Test
  void anEmptyBodyIsAProblem() {
    given()
        .contentType("application/json")
        .post("/submit")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("body"));
  }

  @Test
  void aUrlOf4096CharactersIsTakenAndOneMoreIsNot() throws Exception {
    String url = target.url("/200?").toString();
    String longest = url + "x".repeat(4_096 - url.length());
    accepted("{'target':{'url':'%s'}}".formatted(longest));
    assertTrue(longest.endsWith(received.receive().uri().toString()));

    submit("{'target':{'url':'%s'}}".formatted(longest + "x"))
        .statusCode(400)
        .body("detail", containsString("at most 4096 characters"));
  }

  @Test
  void sixtyFourHeadersAreTakenAndOneMoreIsNot() throws Exception {
    accepted("{'target':{'url':'%s','headers':%s}}".formatted(target.url("/200"), headers(64, 1)));
    assertEquals("a", received.receive().header("x-64"));

    submit("{'target':{'url':'http://a/','headers':%s}}".formatted(headers(65, 1)))
        .statusCode(400)
        .body("detail", containsString("at most 64"));
  }

  @Test
  void headersOf16384CharactersAreTakenAndOneMoreIsNot() throws Exception {
    accepted(
        "{'target':{'url':'%s','headers':%s}}"
            .formatted(target.url("/200"), headers(1, 16_384 - 3)));
    assertEquals(16_384 - 3, received.receive().header("x-1").length());

    submit("{'target':{'url':'http://a/','headers':%s}}".formatted(headers(1, 16_384 - 2)))
        .statusCode(400)
        .body("detail", containsString("at most 16384"));
  }

  @Test
  void theLongestTimesAndTheMostAttemptsAreTaken() {
    accepted(
        "{'target':{'url':'%s'},'attempts':100,'timeout':'10m','backoff':'10m','wait':'30s'}"
            .formatted(target.url("/200")));
    accepted(
        "{'target':{'url':'%s'},'attempts':1,'timeout':'1ms','backoff':'1ms','wait':'0s'}"
            .formatted(target.url("/200")));
  }

  @Test
  void tenMegabytesAreTooMuch() {
    submit("{'target':{'url':'http://a/','body':'" + "k".repeat(10_000_000) + "'}}")
        .statusCode(413)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/body-too-large"));
  }

  @Test
  void otherMethodsAndMediaTypesAreProblems() {
    given().get("/submit").then().statusCode(405).contentType("application/problem+json");
    given().post("/queue").then().statusCode(405).contentType("application/problem+json");
    given().delete("/jobs/1").then().statusCode(405).contentType("application/problem+json");
    given().contentType("text/plain").body("x").post("/submit").then().statusCode(415);
    given().accept("text/plain").get("/queue").then().statusCode(406);
    given().get("/nosuch").then().statusCode(404).contentType("application/problem+json");
  }

  private static String headers(int count, int length) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> "'x-" + i + "':'" + "a".repeat(length) + "'")
        .collect(Collectors.joining(",", "{", "}"));
  }
}
