package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.awaitState;
import static dev.sluice.pool.api.Pool.get;
import static dev.sluice.pool.api.Pool.job;
import static dev.sluice.pool.api.Pool.leased;
import static dev.sluice.pool.api.Pool.newQueue;
import static dev.sluice.pool.api.Pool.post;
import static dev.sluice.pool.api.Pool.put;
import static dev.sluice.pool.api.Pool.submit;
import static dev.sluice.pool.api.Pool.tell;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

/** The contract of {@code POST /submit} and {@code /submit/batch}. */
@QuarkusTest
@Timeout(120)
class SubmitHttpTest {
  private final Channel<Received> received = Channel.buffered(1_000);
  private final String queue = newQueue();

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

  // Push

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
        .body("queue", equalTo("push"))
        .body("priority", equalTo("normal"))
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
        .body("backoff.initial", equalTo("100ms"))
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

    get(location).statusCode(200).body("state", notNullValue());
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
        .body("backoff.initial", equalTo("1s"))
        .body("backoff.factor", equalTo(2.0f))
        .body("backoff.max", equalTo("10m"))
        .body("backoff.jitter", equalTo(0.5f));
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
  void thePayloadIsTheBodyOfATargetWithoutOne() throws Exception {
    accepted("{'target':{'url':'%s'},'payload':{'a':1}}".formatted(target.url("/200")));
    assertEquals("{\"a\":1}", received.receive().body());
    accepted("{'target':{'url':'%s','bodyBase64':'aGk='}}".formatted(target.url("/200")));
    assertEquals("hi", received.receive().body());
  }

  @Test
  void anAddressOutsideOfAsciiIsEncoded() throws Exception {
    accepted("{'target':{'url':'%s'}}".formatted(target.url("/200") + "?ä=ß"));

    assertEquals("/200?%C3%A4=%C3%9F", received.receive().uri().toString());
  }

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

  // Pull

  @Test
  void withoutATargetAndAQueueItWaitsInTheDefaultQueue() {
    String id = accepted("{'payload':'a'}");
    job(id)
        .body("queue", equalTo("default"))
        .body("payload", equalTo("a"))
        .body("target", nullValue());
    post("/jobs/" + id + "/cancel").statusCode(200);
  }

  @Test
  void aDelayedJobIsScheduled() {
    String id = accepted("{'queue':'" + queue + "','delay':'1h'}");
    job(id).body("state", equalTo("scheduled")).body("nextAttemptAt", notNullValue());
    id = accepted("{'queue':'" + queue + "','notBefore':'2999-01-01T01:00:00+01:00'}");
    job(id)
        .body("state", equalTo("scheduled"))
        .body("nextAttemptAt", equalTo("2999-01-01T00:00:00Z"));
  }

  @Test
  void keepsWhatIsSaidOfIt() {
    String id =
        accepted(
            """
            {'queue':'%s','priority':'high','group':'g','deadline':'2999-01-01T00:00:00Z','attempts':7,
             'backoff':{'initial':'2s','factor':3,'max':'9s','jitter':0}}\
            """
                .formatted(queue));
    job(id)
        .body("priority", equalTo("high"))
        .body("group", equalTo("g"))
        .body("deadline", equalTo("2999-01-01T00:00:00Z"))
        .body("maxAttempts", equalTo(7))
        .body("backoff.initial", equalTo("2s"))
        .body("backoff.factor", equalTo(3.0f))
        .body("backoff.max", equalTo("9s"))
        .body("backoff.jitter", equalTo(0.0f));
  }

  @Test
  void aPastDeadlineFails() {
    String id = accepted("{'queue':'" + queue + "','deadline':'2000-01-01T00:00:00Z'}");
    awaitState(id, "failed").body("error", containsString("deadline"));
  }

  @Test
  void theSameIdempotencyKeyIsTheSameJob() {
    String body = "{'queue':'" + queue + "','idempotencyKey':'k','payload':1}";
    String id = accepted(body);
    submit(body)
        .statusCode(200)
        .header("Location", containsString("/jobs/" + id))
        .body("id", equalTo(id))
        .body("existing", equalTo(true));
    submit(body.replace(":1", ":2"))
        .statusCode(422)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/claim-mismatch"))
        .body("id", equalTo(id));
  }

  @Test
  void debouncedSubmitsAreOneJobWithTheLastContent() {
    String body =
        "{'queue':'" + queue + "','debounce':{'key':'k','quiet':'1h','max':'2h'},'payload':1}";
    String id = accepted(body);
    submit(body.replace(":1}", ":2}")).statusCode(200).body("id", equalTo(id));
    job(id).body("state", equalTo("scheduled")).body("payload", equalTo(2));
  }

  @Test
  void theResultCanBeWaitedFor() throws Exception {
    var answer =
        CompletableFuture.supplyAsync(
            () -> post("/submit?result=10s", "{'queue':'" + queue + "'}"));
    JsonPath leased = leased(queue);
    tell(leased, "ack", ",'result':{'sum':3}").statusCode(200);
    answer
        .get()
        .statusCode(200)
        .header("Location", containsString("/jobs/"))
        .body("id", equalTo(leased.getString("jobs[0].id")))
        .body("state", equalTo("succeeded"))
        .body("result.sum", equalTo(3));
  }

  @Test
  void aResultThatDoesNotComeIsNotWaitedForLonger() {
    post("/submit?result=10ms", "{'queue':'" + queue + "'}")
        .statusCode(202)
        .body("state", equalTo("queued"))
        .body("size()", equalTo(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1s", "31s", "5"})
  void aWaitForTheResultThatIsNoneIsRefused(String result) {
    post("/submit?result=" + result, "{'queue':'" + queue + "'}")
        .statusCode(400)
        .body("detail", containsString("result"));
  }

  @Test
  void aJobOfTheWrongKindIsRefused() {
    submit("{'queue':'push'}")
        .statusCode(400)
        .body("detail", containsString("target: is required: \"push\" is a push queue"));
    submit("{'queue':'" + queue + "','target':{'url':'http://a/'}}")
        .statusCode(400)
        .body("detail", containsString("target: must not be given: \"" + queue + "\" is a pull"));
  }

  @Test
  void aFullQueueSaysSo() {
    put("/queues/" + queue, "{'capacity':1,'capacityBytes':10}").statusCode(200);
    accepted("{'queue':'" + queue + "'}");
    submit("{'queue':'" + queue + "'}")
        .statusCode(429)
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("type", equalTo("/problems/queue-full"))
        .body("depth", equalTo(1))
        .body("capacity", equalTo(1))
        .body("retryAfter", equalTo("1s"))
        .body("detail", containsString("1 of 1 are unfinished"));
    submit("{'queue':'" + queue + "','wait':'10ms'}")
        .statusCode(429)
        .body("detail", containsString("within the wait of 10ms"));
  }

  @Test
  void whoWaitsGetsTheRoomThatComes() throws Exception {
    put("/queues/" + queue, "{'capacity':1}").statusCode(200);
    String first = accepted("{'queue':'" + queue + "'}");
    var waiting =
        CompletableFuture.supplyAsync(() -> accepted("{'queue':'" + queue + "','wait':'30s'}"));
    Pool.awaitQueue(queue, "waitingSubmits", 1);
    post("/jobs/" + first + "/cancel").statusCode(200);
    job(waiting.get()).body("state", equalTo("queued"));
  }

  // Batch

  @Test
  void aBatchIsAnsweredInPlace() {
    put("/queues/" + queue, "{'capacity':2}").statusCode(200);
    String job = "{'queue':'" + queue + "','idempotencyKey':'%s'}";
    JsonPath answer =
        post(
                "/submit/batch",
                "{'jobs':[%s,%s,%s,%s,{'queue':'push'}]}"
                    .formatted(
                        job.formatted("a"),
                        job.formatted("b"),
                        job.formatted("a"),
                        job.formatted("c")))
            .statusCode(200)
            .body("results", hasSize(5))
            .body("results[0].state", equalTo("queued"))
            .body("results[2].existing", equalTo(true))
            .body("results[3].problem.type", equalTo("/problems/queue-full"))
            .body("results[4].problem.type", equalTo("/problems/invalid-input"))
            .extract()
            .jsonPath();
    assertEquals(answer.getString("results[0].id"), answer.getString("results[2].id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {}                                  | jobs: is required
          {'jobs':null}                       | jobs: is required
          {'jobs':[]}                         | has 0 items, 1 to 1000 are allowed
          {'jobs':[null]}                     | jobs[0]: is required
          {'jobs':[{},{'attempts':0}]}        | jobs[1].attempts: 0 is not allowed
          {'jobs':[{'wait':'1s'}]}            | jobs[0].wait: is said of the batch
          {'jobs':[{'target':{}}]}            | jobs[0].target.url: is required
          {'jobs':[{'colour':1}]}             | jobs[0].colour
          {'jobs':[{}],'wait':'31s'}          | wait
          {'jobs':{}}                         | jobs
          """)
  void aBadBatchIsAProblemThatNamesIt(String body, String named) {
    post("/submit/batch", body)
        .statusCode(400)
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named.replace('\'', '"')));
  }

  @Test
  void aBatchOfMoreThanAThousandIsRefused() {
    String jobs = IntStream.range(0, 1_001).mapToObj(_ -> "{}").collect(Collectors.joining(","));
    post("/submit/batch", "{'jobs':[" + jobs + "]}")
        .statusCode(400)
        .body("detail", containsString("has 1001 items"));
  }

  // Bad input

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
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
          {'target':{'url':'http://a/'},'backoff':'0s'}                               | backoff.initial: 0s is not allowed, must be from 1ms to 10m
          {'target':{'url':'http://a/'},'backoff':'11m'}                              | backoff
          {'target':{'url':'http://a/'},'wait':'31s'}                                 | wait: 31s is not allowed, must be from 0s to 30s
          {'target':{'url':'http://a/'},'wait':'-1s'}                                 | wait
          {'target':{'url':'http://a/'},'wait':'999999999d'}                          | wait
          {'target':{'url':'http://a/','url':'http://b/'}}                            | url
          {'target':{'url':'http://a/'                                                | line 1
          []                                                                          | body
          null                                                                        | body
          7                                                                           | body
          {'payload':1,'payloadBase64':'AA=='}                                        | payloadBase64: must not be given together with payload
          {'payloadBase64':'?'}                                                       | payloadBase64: must be Base64
          {'payloadBase64':1}                                                         | payloadBase64
          {'target':{'url':'http://a/','body':1},'payload':1}                         | target.body: must not be given together with payload
          {'target':{'url':'http://a/','body':1,'bodyBase64':'AA=='}}                 | target.bodyBase64
          {'target':{'url':'http://a/','method':'GET'},'payload':1}                   | target.body: must not be given with GET
          {'queue':''}                                                                | queue: '' is not allowed, must be 1 to 100 of the characters
          {'queue':'a b'}                                                             | queue
          {'queue':'ä'}                                                               | queue
          {'queue':7}                                                                 | queue
          {'priority':'low'}                                                          | priority: 'low' is not allowed, must be 'high' or 'normal'
          {'priority':1}                                                              | priority
          {'delay':'-1s'}                                                             | delay
          {'delay':'3661d'}                                                           | delay
          {'delay':5}                                                                 | delay
          {'notBefore':'tomorrow'}                                                    | notBefore
          {'notBefore':5}                                                             | notBefore
          {'notBefore':'1969-12-31T23:59:59Z'}                                        | notBefore
          {'notBefore':'+10000-01-01T00:00:00Z'}                                      | notBefore
          {'deadline':'x'}                                                            | deadline
          {'deadline':'2999-01-01T00:00:00Z','notBefore':'2999-01-01T00:00:00Z'}      | deadline
          {'backoff':5}                                                               | backoff: must be a duration or an object
          {'backoff':[]}                                                              | backoff: must be a duration or an object
          {'backoff':'soon'}                                                          | backoff
          {'backoff':{'initial':'0s'}}                                                | backoff.initial: 0s is not allowed
          {'backoff':{'factor':0.5}}                                                  | backoff.factor
          {'backoff':{'factor':101}}                                                  | backoff.factor
          {'backoff':{'factor':'2'}}                                                  | backoff.factor
          {'backoff':{'max':'11m'}}                                                   | backoff.max
          {'backoff':{'initial':'2s','max':'1s'}}                                     | backoff.max: 1s is not allowed, must be at least initial
          {'backoff':{'jitter':1.1}}                                                  | backoff.jitter
          {'backoff':{'jitter':-0.1}}                                                 | backoff.jitter
          {'backoff':{'colour':1}}                                                    | colour
          {'idempotencyKey':''}                                                       | idempotencyKey
          {'idempotencyKey':'a\\u0007'}                                               | idempotencyKey
          {'idempotencyKey':1}                                                        | idempotencyKey
          {'group':''}                                                                | group
          {'group':'a\\n'}                                                            | group
          {'debounce':{}}                                                             | debounce.key: is required; debounce.quiet: is required
          {'debounce':{'key':'','quiet':'1s'}}                                        | debounce.key
          {'debounce':{'key':'k','quiet':'0s'}}                                       | debounce.quiet
          {'debounce':{'key':'k','quiet':'2d'}}                                       | debounce.quiet
          {'debounce':{'key':'k','quiet':'2s','max':'1s'}}                            | debounce.max
          {'debounce':'k'}                                                            | debounce
          {'debounce':{'key':'k','quiet':'2s','colour':1}}                            | colour
          {'colour':1}                                                                | colour: is unknown
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    submit(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named.replace('\'', '"')))
        .body("detail", not(containsString("dev.sluice")));
  }

  @Test
  void whatIsTooLongIsRefused() {
    submit("{'queue':'" + "q".repeat(101) + "'}")
        .statusCode(400)
        .body("detail", containsString("queue"));
    submit("{'idempotencyKey':'" + "k".repeat(257) + "'}")
        .statusCode(400)
        .body("detail", containsString("idempotencyKey"));
    submit("{'group':'" + "k".repeat(257) + "'}")
        .statusCode(400)
        .body("detail", containsString("group"));
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
            containsInAnyOrder(
                "attempts",
                "timeout",
                "target.method",
                "target.url",
                "target.headers",
                "backoff.initial",
                "wait"));
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
    given().post("/queues").then().statusCode(405).contentType("application/problem+json");
    given().delete("/jobs/1").then().statusCode(405).contentType("application/problem+json");
    given().contentType("text/plain").body("x").post("/submit").then().statusCode(415);
    given().accept("text/plain").get("/queues").then().statusCode(406);
    given().get("/nosuch").then().statusCode(404).contentType("application/problem+json");
  }

  private static String headers(int count, int length) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> "'x-" + i + "':'" + "a".repeat(length) + "'")
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Test
  void openApiHasEveryPath() {
    given()
        .accept("application/json")
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body(
            "paths.keySet()",
            equalTo(
                Set.of(
                    "/submit",
                    "/submit/batch",
                    "/jobs",
                    "/jobs/{id}",
                    "/jobs/{id}/cancel",
                    "/jobs/{id}/retry",
                    "/jobs/{id}/events",
                    "/jobs/{id}/ack",
                    "/jobs/{id}/nack",
                    "/jobs/{id}/extend",
                    "/queues",
                    "/queues/{queue}",
                    "/queues/{queue}/lease",
                    "/queues/{queue}/events",
                    "/queues/{queue}/pause",
                    "/queues/{queue}/resume",
                    "/queues/{queue}/purge",
                    "/queues/{queue}/dead",
                    "/queues/{queue}/dead/redrive",
                    "/queues/{queue}/dead/purge",
                    "/schedules",
                    "/schedules/{name}")));
  }
}
