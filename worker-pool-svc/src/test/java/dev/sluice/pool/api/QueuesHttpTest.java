package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.awaitQueue;
import static dev.sluice.pool.api.Pool.get;
import static dev.sluice.pool.api.Pool.job;
import static dev.sluice.pool.api.Pool.leased;
import static dev.sluice.pool.api.Pool.newQueue;
import static dev.sluice.pool.api.Pool.post;
import static dev.sluice.pool.api.Pool.put;
import static dev.sluice.pool.api.Pool.tell;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code /queues}: make, change, look, pause, purge, dead letters. */
@QuarkusTest
@Timeout(120)
class QueuesHttpTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final String queue = newQueue();

  @Test
  void aQueueThatNobodyHasConfiguredIsAPullQueueWithTheDefaults() {
    get("/queues/" + queue).statusCode(404).body("type", equalTo("/problems/not-found"));
    accepted("{'queue':'" + queue + "','payload':'abc'}");
    get("/queues/" + queue)
        .statusCode(200)
        .body("name", equalTo(queue))
        .body("configured", equalTo(false))
        .body("paused", equalTo(false))
        .body("depth", equalTo(1))
        .body("jobs.queued", equalTo(1))
        .body("bytes", equalTo(5))
        .body("settings.kind", equalTo("pull"))
        .body("settings.capacity", equalTo(100_000))
        .body("settings.lease", equalTo("30s"))
        .body("settings.attempts", equalTo(3))
        .body("settings.workers", nullValue());
    get("/queues").body("queues.name", hasItem(queue));
  }

  @Test
  void aPushQueueIsMadeAndShown() {
    put(
            "/queues/" + queue,
            """
            {'kind':'push','capacity':7,'capacityBytes':700,'workers':2,'attempts':5,'timeout':'3s','backoff':'2s',
             'rate':{'limit':10,'per':'2s','burst':3},'hostWorkers':1,'hostRate':{'limit':5},
             'breaker':{'failures':4,'open':'20s'},'secret':'%s','retryClientErrors':true,
             'idempotencyWindow':'1h','keepSucceeded':'0s','keepFailed':'2h'}\
            """
                .formatted(SECRET))
        .statusCode(200);
    get("/queues/" + queue)
        .body("configured", equalTo(true))
        .body("settings.kind", equalTo("push"))
        .body("settings.capacity", equalTo(7))
        .body("settings.capacityBytes", equalTo(700))
        .body("settings.workers", equalTo(2))
        .body("settings.attempts", equalTo(5))
        .body("settings.timeout", equalTo("3s"))
        .body("settings.backoff.initial", equalTo("2s"))
        .body("settings.rate.limit", equalTo(10))
        .body("settings.rate.per", equalTo("2s"))
        .body("settings.rate.burst", equalTo(3))
        .body("settings.hostWorkers", equalTo(1))
        .body("settings.hostRate.limit", equalTo(5))
        .body("settings.hostRate.per", equalTo("1s"))
        .body("settings.hostRate.burst", equalTo(5))
        .body("settings.breaker.failures", equalTo(4))
        .body("settings.breaker.open", equalTo("20s"))
        .body("settings.secret", equalTo("set"))
        .body("settings.retryClientErrors", equalTo(true))
        .body("settings.idempotencyWindow", equalTo("1h"))
        .body("settings.keepSucceeded", equalTo("0s"))
        .body("settings.keepFailed", equalTo("2h"))
        .body("settings.lease", nullValue())
        .body("calls", equalTo(0))
        .body("openBreakers", hasSize(0));
  }

  @Test
  void whatIsShownCanBePutBackAndKeepsTheSecret() {
    put("/queues/" + queue, "{'kind':'push','secret':'" + SECRET + "'}").statusCode(200);
    String shown = get("/queues/" + queue).extract().asString();
    put("/queues/" + queue, settingsOf(shown))
        .statusCode(200)
        .body("settings.secret", equalTo("set"));
    put("/queues/" + queue, "{'kind':'push'}").body("settings.secret", nullValue());
    put("/queues/" + queue, "{'kind':'push','secret':'set'}")
        .statusCode(400)
        .body("detail", containsString("secret"));
  }

  @Test
  void aChangeWithoutABodyIsTheDefaults() {
    put("/queues/" + queue, "{'capacity':7}").body("settings.capacity", equalTo(7));
    given()
        .noContentType()
        .put("/queues/" + queue)
        .then()
        .statusCode(200)
        .body("settings.capacity", equalTo(100_000));
  }

  @Test
  void aQueueWithJobsKeepsItsKindAndStays() {
    String id = accepted("{'queue':'" + queue + "'}");
    put("/queues/" + queue, "{'kind':'push'}")
        .statusCode(409)
        .body("type", equalTo("/problems/conflict"));
    given().delete("/queues/" + queue).then().statusCode(409);
    post("/jobs/" + id + "/cancel").statusCode(200);
    given().delete("/queues/" + queue).then().statusCode(409);
  }

  @Test
  void aQueueWithoutJobsIsDeleted() {
    put("/queues/" + queue, "{}").statusCode(200);
    given().delete("/queues/" + queue).then().statusCode(204);
    get("/queues/" + queue).statusCode(404);
    given().delete("/queues/" + queue).then().statusCode(204);
  }

  @Test
  void aPausedQueueHandsOutNothingUntilItIsResumed() throws Exception {
    String id = accepted("{'queue':'" + queue + "'}");
    post("/queues/" + queue + "/pause").statusCode(204);
    get("/queues/" + queue).body("paused", equalTo(true));
    post("/queues/" + queue + "/lease").body("jobs", hasSize(0));
    var waiting = CompletableFuture.supplyAsync(() -> leased(queue));
    awaitQueue(queue, "waitingLeases", 1);
    post("/queues/" + queue + "/resume").statusCode(204);
    assertEquals(id, waiting.get().getString("jobs[0].id"));
  }

  @Test
  void aPurgeDeletesWhatWaitsAndNotWhatRuns() {
    accepted("{'queue':'" + queue + "'}");
    leased(queue);
    String waits = accepted("{'queue':'" + queue + "'}");
    accepted("{'queue':'" + queue + "','delay':'1h'}");
    post("/queues/" + queue + "/purge").statusCode(200).body("jobs", equalTo(2));
    job(waits).statusCode(404);
    get("/queues/" + queue).body("depth", equalTo(1)).body("jobs.running", equalTo(1));
  }

  @Test
  void deadLettersAreListedRedrivenAndPurged() {
    List<String> ids =
        List.of(
            accepted("{'queue':'" + queue + "','attempts':1}"),
            accepted("{'queue':'" + queue + "','attempts':1}"));
    ids.forEach(_ -> fail());
    get("/queues/" + queue + "/dead?limit=1")
        .statusCode(200)
        .body("jobs", hasSize(1))
        .body("jobs[0].state", equalTo("failed"))
        .body("jobs[0].error", equalTo("no"));
    post("/queues/" + queue + "/dead/redrive").statusCode(200).body("jobs", equalTo(2));
    get("/queues/" + queue + "/dead").body("jobs", hasSize(0));
    ids.forEach(_ -> fail());
    post("/queues/" + queue + "/dead/purge").statusCode(200).body("jobs", equalTo(2));
    job(ids.get(0)).statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/purge", "/pause", "/resume", "/dead/redrive", "/dead/purge", "/lease", ""})
  void aNameThatIsNoneIsRefused(String path) {
    var request = given().urlEncodingEnabled(false).noContentType();
    ValidatableResponse answer =
        path.isEmpty()
            ? request.get("/queues/a%20b").then()
            : request.post("/queues/a%20b" + path).then();
    answer
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("1 to 100 of the characters"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'kind':'both'}                              | kind: 'both' is not allowed, must be 'push' or 'pull'
          {'kind':1}                                   | kind
          {'capacity':0}                               | capacity: 0 is not allowed
          {'capacity':10000001}                        | capacity
          {'capacity':'1'}                             | capacity
          {'capacityBytes':0}                          | capacityBytes
          {'capacityBytes':9007199254740993}           | capacityBytes
          {'lease':'1ms'}                              | lease
          {'lease':'25h'}                              | lease
          {'attempts':0}                               | attempts
          {'attempts':101}                             | attempts
          {'timeout':'0s'}                             | timeout
          {'timeout':'11m'}                            | timeout
          {'backoff':'0s'}                             | backoff
          {'rate':{}}                                  | rate.limit: is required
          {'rate':{'limit':0}}                         | rate.limit
          {'rate':{'limit':1,'per':'0s'}}              | rate.per
          {'rate':{'limit':1,'burst':0}}               | rate.burst
          {'rate':{'limit':1,'colour':0}}              | colour
          {'rate':5}                                   | rate
          {'idempotencyWindow':'0s'}                   | idempotencyWindow
          {'idempotencyWindow':'367d'}                 | idempotencyWindow
          {'keepSucceeded':'367d'}                     | keepSucceeded
          {'keepFailed':'-1s'}                         | keepFailed
          {'workers':1}                                | workers: is for push queues
          {'hostWorkers':1}                            | hostWorkers: is for push queues
          {'hostRate':{'limit':1}}                     | hostRate: is for push queues
          {'breaker':{'failures':1,'open':'1s'}}       | breaker: is for push queues
          {'secret':'x'}                               | secret: is for push queues
          {'retryClientErrors':true}                   | retryClientErrors: is for push queues
          {'kind':'push','lease':'30s'}                | lease: is for pull queues
          {'kind':'push','workers':0}                  | workers
          {'kind':'push','workers':10001}              | workers
          {'kind':'push','hostWorkers':0}              | hostWorkers
          {'kind':'push','hostRate':{}}                | hostRate.limit: is required
          {'kind':'push','breaker':{}}                 | breaker.failures: is required; breaker.open: is required
          {'kind':'push','breaker':{'failures':0,'open':'1s'}} | breaker.failures
          {'kind':'push','breaker':{'failures':1,'open':'0s'}} | breaker.open
          {'kind':'push','secret':''}                  | secret
          {'kind':'push','secret':'whsec_'}            | secret
          {'kind':'push','secret':'whsec_????'}        | secret
          {'kind':'push','secret':'whsec_c2hvcnQ='}    | secret
          {'kind':'push','secret':7}                   | secret
          {'kind':'push','retryClientErrors':1}        | retryClientErrors
          {'colour':'red'}                             | colour
          []                                           | body
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    put("/queues/" + queue, body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named.replace('\'', '"')))
        .body("detail", not(containsString("dev.sluice")));
  }

  @Test
  void aSecretIsNotToldInAnErrorEither() {
    put("/queues/" + queue, "{'kind':'push','secret':'whsec_short'}")
        .statusCode(400)
        .body("detail", not(containsString("whsec_short")));
  }

  private void fail() {
    tell(leased(queue), "nack", ",'error':'no','retry':false").statusCode(200);
  }

  private static String settingsOf(String shown) {
    int from = shown.indexOf("\"settings\":") + "\"settings\":".length();
    return shown.substring(from, shown.indexOf(",\"configured\""));
  }
}
