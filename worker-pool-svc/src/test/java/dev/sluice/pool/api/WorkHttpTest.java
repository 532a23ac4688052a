package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
import static dev.sluice.pool.api.Pool.job;
import static dev.sluice.pool.api.Pool.leased;
import static dev.sluice.pool.api.Pool.newQueue;
import static dev.sluice.pool.api.Pool.post;
import static dev.sluice.pool.api.Pool.put;
import static dev.sluice.pool.api.Pool.tell;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract for workers of pull queues: lease, ack, nack, extend. */
@QuarkusTest
@Timeout(120)
class WorkHttpTest {
  private static final String UNKNOWN = "01a20ad0-bb83-71aa-98a5-41655ff84edd";

  private final String queue = newQueue();

  @Test
  void handsOutWhatWasSubmitted() {
    String id = submit(",'payload':{'n':1.00,'list':[null,'a']},'group':'g'");

    post("/queues/" + queue + "/lease", "{'max':10,'lease':'30s','worker':'w'}")
        .statusCode(200)
        .body("jobs", hasSize(1))
        .body("jobs[0].id", equalTo(id))
        .body("jobs[0].queue", equalTo(queue))
        .body("jobs[0].lease", matchesPattern("[0-9a-f]{16}"))
        .body("jobs[0].attempt", equalTo(1))
        .body("jobs[0].maxAttempts", equalTo(3))
        .body("jobs[0].payload.list", equalTo(Arrays.asList(null, "a")))
        .body("jobs[0].group", equalTo("g"))
        .body("jobs[0].extendEvery", equalTo("15s"))
        .body("jobs[0].acceptedAt", matchesPattern("20.*Z"))
        .body("jobs[0].leasedUntil", matchesPattern("20.*Z"));
    job(id)
        .body("state", equalTo("running"))
        .body("startedAt", notNullValue())
        .body("leasedUntil", notNullValue());
  }

  @Test
  void aLeaseNeedsNoBodyAndIsOneJobThen() {
    submit("");
    submit("");
    post("/queues/" + queue + "/lease").statusCode(200).body("jobs", hasSize(1));
  }

  @Test
  void anEmptyQueueHasNone() {
    post("/queues/" + queue + "/lease", "{'max':10}").statusCode(200).body("jobs", hasSize(0));
    post("/queues/" + queue + "/lease", "{'wait':'10ms'}").statusCode(200).body("jobs", hasSize(0));
  }

  @Test
  void aWorkerCanWaitForAJob() throws Exception {
    var waiting = CompletableFuture.supplyAsync(() -> leased(queue));
    String id = submit("");
    assertEquals(id, waiting.get().getString("jobs[0].id"));
  }

  @Test
  void bytesComeAsBytes() {
    submit(",'payloadBase64':'AAH/'");
    JsonPath leased = leased(queue);
    assertEquals("AAH/", leased.getString("jobs[0].payloadBase64"));
    tell(leased, "ack", ",'resultBase64':'/w=='").statusCode(200);
    job(leased.getString("jobs[0].id"))
        .body("payloadBase64", equalTo("AAH/"))
        .body("resultBase64", equalTo("/w=="))
        .body("payload", nullValue());
  }

  @Test
  void highPriorityComesFirst() {
    String normal = submit("");
    String high = submit(",'priority':'high'");
    assertEquals(high, leased(queue).getString("jobs[0].id"));
    assertEquals(normal, leased(queue).getString("jobs[0].id"));
  }

  @Test
  void anAckEndsTheJobWithItsResult() {
    String id = submit("");
    JsonPath leased = leased(queue);
    tell(leased, "ack", ",'result':{'sum':1.50}")
        .statusCode(200)
        .body("id", equalTo(id))
        .body("state", equalTo("succeeded"));

    job(id)
        .body("state", equalTo("succeeded"))
        .body("result.sum", equalTo(1.5f))
        .body("attempts", hasSize(1))
        .body("attempts[0].worker", equalTo("w"))
        .body("attempts[0].error", nullValue())
        .body("finishedAt", notNullValue());
  }

  @Test
  void aSecondAckIsRefused() {
    submit("");
    JsonPath leased = leased(queue);
    tell(leased, "ack", "").statusCode(200);
    for (String what : List.of("ack", "nack", "extend")) {
      tell(leased, what, "")
          .statusCode(409)
          .contentType("application/problem+json")
          .body("type", equalTo("/problems/claim-lost"))
          .body("state", equalTo("succeeded"));
    }
  }

  @Test
  void aLateAckOfAnExpiredLeaseIsRefusedAndTheJobIsAnothers() {
    String id = submit("");
    JsonPath first = post("/queues/" + queue + "/lease", "{'lease':'100ms'}").extract().jsonPath();
    JsonPath second = leased(queue);
    assertEquals(id, second.getString("jobs[0].id"));
    assertEquals(2, second.getInt("jobs[0].attempt"));

    tell(first, "ack", "").statusCode(409).body("state", equalTo("running"));
    tell(second, "ack", "").statusCode(200);
  }

  @Test
  void aNackIsTriedAgain() {
    String id = submit("");
    tell(leased(queue), "nack", ",'error':'no luck','delay':'0s'")
        .statusCode(200)
        .body("state", matchesPattern("queued|retrying"));
    JsonPath again = leased(queue);
    assertEquals(2, again.getInt("jobs[0].attempt"));
    job(id).body("attempts[0].error", equalTo("no luck")).body("attemptsMade", equalTo(1));
  }

  @Test
  void aNackWithADelayWaits() {
    String id = submit("");
    tell(leased(queue), "nack", ",'delay':'1h'").statusCode(200).body("state", equalTo("retrying"));
    job(id)
        .body("nextAttemptAt", notNullValue())
        .body("attempts[0].error", containsString("did not say why"));
    post("/jobs/" + id + "/retry").statusCode(200).body("state", equalTo("queued"));
  }

  @Test
  void aNackForGoodIsADeadLetter() {
    String id = submit("");
    tell(leased(queue), "nack", ",'error':'never','retry':false")
        .statusCode(200)
        .body("state", equalTo("failed"));
    job(id).body("error", equalTo("never"));
  }

  @Test
  void aJobThatIsHandedBackWasNotTried() {
    submit("");
    tell(leased(queue), "nack", ",'counted':false")
        .statusCode(200)
        .body("state", equalTo("queued"));
    JsonPath again = leased(queue);
    tell(again, "ack", "").statusCode(200);
    job(again.getString("jobs[0].id")).body("attemptsMade", equalTo(1));
  }

  @Test
  void theLastNackFails() {
    String id = submit(",'attempts':1");
    tell(leased(queue), "nack", ",'error':'e'").statusCode(200).body("state", equalTo("failed"));
    job(id).body("attemptsMade", equalTo(1)).body("maxAttempts", equalTo(1));
  }

  @Test
  void extendingKeepsTheJobAndReportsProgress() {
    String id = submit("");
    JsonPath leased = leased(queue);
    tell(leased, "extend", ",'for':'5m','progress':{'done':3}")
        .statusCode(200)
        .body("id", equalTo(id))
        .body("leasedUntil", matchesPattern("20.*Z"));
    job(id).body("progress.done", equalTo(3)).body("state", equalTo("running"));
    tell(leased, "ack", "").statusCode(200);
  }

  @Test
  void jobsOfAGroupComeOneAfterAnother() {
    String first = submit(",'group':'g'");
    String second = submit(",'group':'g'");
    job(second).body("state", equalTo("blocked"));
    JsonPath leased = leased(queue);
    assertEquals(first, leased.getString("jobs[0].id"));
    post("/queues/" + queue + "/lease").body("jobs", hasSize(0));
    tell(leased, "ack", "").statusCode(200);
    assertEquals(second, leased(queue).getString("jobs[0].id"));
  }

  @Test
  void aJobOfAPushQueueIsNotForWorkers() {
    put("/queues/" + queue, "{'kind':'push'}").statusCode(200);
    post("/queues/" + queue + "/lease")
        .statusCode(400)
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString("must be a pull queue"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ack", "nack", "extend"})
  void aJobThatIsNotKnownIsNotFound(String what) {
    for (String id : List.of(UNKNOWN, "nosuch", "1-1-1-1-1")) {
      post("/jobs/" + id + "/" + what, "{'lease':'0000000000000001'}")
          .statusCode(404)
          .contentType("application/problem+json")
          .body("detail", startsWith("there is no job "));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          lease  | {'max':0}                    | max: 0 is not allowed, must be from 1 to 1000
          lease  | {'max':1001}                 | max
          lease  | {'max':'1'}                  | max
          lease  | {'max':1.5}                  | max
          lease  | {'lease':'99ms'}             | lease: 99ms is not allowed, must be from 100ms to 1d
          lease  | {'lease':'25h'}              | lease
          lease  | {'lease':30}                 | lease
          lease  | {'wait':'31s'}               | wait: 31s is not allowed
          lease  | {'wait':'-1s'}               | wait
          lease  | {'worker':''}                | worker
          lease  | {'worker':'a\\u0000'}        | worker
          lease  | {'worker':7}                 | worker
          lease  | {'colour':'red'}             | colour
          lease  | []                           | body
          ack    | {}                           | lease: is required
          ack    | {'lease':null}               | lease: is required
          ack    | {'lease':'xyz'}              | 16 hexadecimal digits
          ack    | {'lease':'00000000000000001'}| 16 hexadecimal digits
          ack    | {'lease':'000000000000000G'} | 16 hexadecimal digits
          ack    | {'lease':1}                  | lease
          ack    | {'lease':'0000000000000001','result':1,'resultBase64':'AA=='} | resultBase64: must not be given together with result
          ack    | {'lease':'0000000000000001','resultBase64':'%'} | resultBase64: must be Base64
          ack    | {'lease':'0000000000000001','resultBase64':7}   | resultBase64
          ack    | {'lease':'0000000000000001','colour':1}         | colour
          nack   | {}                           | lease: is required
          nack   | {'lease':'0000000000000001','error':''}         | error
          nack   | {'lease':'0000000000000001','error':'a\\u0000'} | no control characters
          nack   | {'lease':'0000000000000001','error':7}          | error
          nack   | {'lease':'0000000000000001','delay':'-1s'}      | delay
          nack   | {'lease':'0000000000000001','delay':'367d'}     | delay
          nack   | {'lease':'0000000000000001','retry':'no'}       | retry
          nack   | {'lease':'0000000000000001','retry':false,'delay':'1s'}    | delay: must not be given
          nack   | {'lease':'0000000000000001','counted':false,'error':'e'}   | error: must not be given
          nack   | {'lease':'0000000000000001','counted':false,'retry':true}  | retry: must not be given
          nack   | {'lease':'0000000000000001','colour':1}         | colour
          extend | {}                           | lease: is required
          extend | {'lease':'0000000000000001','for':'1ms'}        | for: 1ms is not allowed
          extend | {'lease':'0000000000000001','for':'25h'}        | for
          extend | {'lease':'0000000000000001','progress':1,'progressBase64':'AA=='} | progressBase64
          extend | {'lease':'0000000000000001','colour':1}         | colour
          """)
  void badInputIsAProblemThatNamesIt(String what, String body, String named) {
    String path = what.equals("lease") ? "/queues/" + queue : "/jobs/" + UNKNOWN;
    post(path + "/" + what, body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named.replace('\'', '"')))
        .body("detail", not(containsString("dev.sluice")));
  }

  @Test
  void anErrorThatIsTooLongIsRefused() {
    String error = "x".repeat(4_097);
    post("/jobs/" + UNKNOWN + "/nack", "{'lease':'0000000000000001','error':'" + error + "'}")
        .statusCode(400)
        .body("detail", containsString("error"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%20b", "%C3%A4", "a%00", "a:b"})
  void aNameThatIsNoneIsRefused(String name) {
    given()
        .urlEncodingEnabled(false)
        .noContentType()
        .post("/queues/" + name + "/lease")
        .then()
        .statusCode(400)
        .body("detail", containsString("1 to 100 of the characters"));
  }

  private String submit(String more) {
    return accepted("{'queue':'" + queue + "'" + more + "}");
  }
}
