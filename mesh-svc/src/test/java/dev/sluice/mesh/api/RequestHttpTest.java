package dev.sluice.mesh.api;

import static dev.sluice.mesh.api.Calls.get;
import static dev.sluice.mesh.api.Calls.getDone;
import static dev.sluice.mesh.api.Calls.getUntil;
import static dev.sluice.mesh.api.Calls.post;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code /requests} and {@code GET /mesh}. */
@QuarkusTest
@Timeout(120)
class RequestHttpTest {
  private final String key = "acct:" + UUID.randomUUID();

  @Test
  void theOwnerReplies() {
    post("{'id':'r-"
            + key
            + "','key':'"
            + key
            + "','op':'echo','payload':{'amount':7,'tags':['a',null]},'wait':'10s'}")
        .statusCode(200)
        .body("id", equalTo("r-" + key))
        .body("key", equalTo(key))
        .body("op", equalTo("echo"))
        .body("state", equalTo("done"))
        .body("reply.amount", equalTo(7))
        .body("reply.tags", hasSize(2))
        .body("worker", startsWith("worker-"))
        .body("epoch", greaterThan(0))
        .header("Sluice-Shard", notNullValue())
        .header("Sluice-Worker", startsWith("worker-"))
        .header("Sluice-Epoch", notNullValue());
  }

  @Test
  void idPayloadAndWaitHaveDefaults() {
    post("{'key':'" + key + "','op':'echo'}")
        .statusCode(200)
        .body("id", notNullValue())
        .body("reply", equalTo(null));
  }

  @Test
  void theSameIdIsRunOnceAndAnsweredTheSame() {
    String once = "{'id':'" + key + "','key':'" + key + "','op':'count'}";
    post(once).statusCode(200).body("reply.count", equalTo(1));
    post(once).statusCode(200).body("reply.count", equalTo(1));
    post("{'key':'" + key + "','op':'count'}").statusCode(200).body("reply.count", equalTo(2));
  }

  @Test
  void theSameIdForSomethingElseIsAConflict() {
    post("{'id':'" + key + "','key':'" + key + "','op':'count'}").statusCode(200);
    post("{'id':'" + key + "','key':'" + key + "','op':'echo'}")
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/conflict"));
  }

  @Test
  void aHundredAtOnceAreCountedOneByOne() throws Exception {
    List<Integer> counts = new ArrayList<>();
    try (var callers = Executors.newFixedThreadPool(20)) {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(
            callers.submit(() ->
                post("{'key':'" + key + "','op':'count','wait':'30s'}")
                    .statusCode(200)
                    .extract()
                    .path("reply.count")));
      }
      for (Future<Integer> call : calls) {
        counts.add(call.get());
      }
    }
    assertEquals(IntStream.rangeClosed(1, 100).boxed().toList(), counts.stream().sorted().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'op':'echo'}                                 | key
          {'key':'','op':'echo'}                        | key
          {'key':'a\\u0007','op':'echo'}                | key
          {'key':'k'}                                   | op
          {'key':'k','op':'nosuch'}                     | op: "nosuch" is not allowed, must be one of acquire, count, dedup, echo
          {'key':'k','op':7}                            | op
          {'key':'k','op':'echo','id':''}               | id
          {'key':'k','op':''}                           | op
          {'key':'k','op':'echo','durable':'yes'}       | durable
          {'key':'k','op':'echo','wait':'31s'}          | wait: 31s is not allowed, must be from 0s to 30s
          {'key':'k','op':'echo','wait':'-1s'}          | wait
          {'key':'k','op':'echo','wait':1}              | wait
          {'key':'k','op':'echo','colour':'red'}        | colour
          {'key':'k','op':'echo'                        | line 1
          []                                            | body
          null                                          | body
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    post(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named))
        .body("detail", not(containsString("dev.sluice")));
  }

  @Test
  void everythingThatIsWrongIsNamedAtOnce() {
    post("{'key':'','op':'','wait':'31s','id':''}")
        .statusCode(400)
        .body("errors.field", equalTo(List.of("id", "key", "op", "wait")));
  }

  @Test
  void halfOfASurrogatePairIsRefusedBeforeAnythingIsRun() {
    post("{'key':'" + key + "','op':'count','payload':{'k':'\\ud800'}}")
        .statusCode(400)
        .body("errors.field", equalTo(List.of("payload.k")));
    post("{'key':'" + key + "','op':'count'}").statusCode(200).body("reply.count", equalTo(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e5", "-0.0", "1.10", "1e99999999999"})
  void aNumberInThePayloadKeepsItsText(String number) {
    post("{'key':'" + key + "','op':'echo','payload':[" + number + "]}")
        .statusCode(200)
        .body(containsString("\"reply\":[" + number + "]"));
  }

  @Test
  void longKeysAndLargeBodiesAreProblems() {
    post("{'key':'" + "k".repeat(10_000) + "','op':'echo'}")
        .statusCode(400)
        .body("detail", containsString("256"));
    post("{'key':'k','op':'echo','payload':'" + "p".repeat(10_000_000) + "'}")
        .statusCode(413)
        .contentType("application/problem+json");
  }

  @Test
  void otherMethodsMediaTypesAndPathsAreProblems() {
    given().get("/requests").then().statusCode(405).contentType("application/problem+json");
    given().contentType("text/plain").body("x").post("/requests").then().statusCode(415);
    given().get("/requests/nosuch").then().statusCode(404).contentType("application/problem+json");
  }

  @Test
  void theMeshShowsMembersShardsAndHeartbeats() {
    post("{'key':'" + key + "','op':'echo','wait':'10s'}").statusCode(200);
    getUntil(
            "/mesh",
            mesh ->
                !Objects.equals(mesh.extract().path("routers[0].counts.accepted"), 0)
                    && mesh.extract().path("routers[0].counts") != null)
        .statusCode(200)
        .body("gathering", equalTo(false))
        .body("heartbeat", equalTo("1s"))
        .body("groups[0].name", equalTo("built-in"))
        .body("groups[0].ops", hasItem("echo"))
        .body("shards", hasSize(32))
        .body("shards.group", everyItem(equalTo("built-in")))
        .body("shards.worker", everyItem(startsWith("worker-")))
        .body("shards.epoch", everyItem(greaterThan(0)))
        .body("workers", hasSize(4))
        .body("workers.state", everyItem(equalTo("live")))
        .body("workers.sinceHeartbeat", everyItem(notNullValue()))
        .body("routers", hasSize(1))
        .body("routers[0].linked", equalTo(true))
        .body("routers[0].counts.accepted", greaterThan(0));
  }

  @Test
  void aWaitOfZeroAsksForAcceptanceOnly() {
    String id = "a/b c%" + key;
    String location =
        post("{'id':'" + id + "','key':'" + key + "','op':'count','wait':'0s'}")
            .statusCode(202)
            .body("id", equalTo(id))
            .body("state", equalTo("in_flight"))
            .body("$", not(hasKey("reply")))
            .extract()
            .header("Location");
    assertEquals(
        "/requests/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"),
        URI.create(location).getRawPath());

    while (!"done".equals(found(location).extract().path("state"))) {
      Thread.onSpinWait(); // until it is run
    }
    found(location)
        .body("id", equalTo(id))
        .body("key", equalTo(key))
        .body("op", equalTo("count"))
        .body("reply.count", equalTo(1))
        .body("worker", startsWith("worker-"))
        .body("epoch", greaterThan(0));
    post("{'id':'" + id + "','key':'" + key + "','op':'count','wait':'0s'}")
        .statusCode(200)
        .body("reply.count", equalTo(1));
  }

  private static ValidatableResponse found(String location) {
    String path = URI.create(location).getRawPath();
    return given().urlEncodingEnabled(false).get(path).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatBecameOfARequestIsToldLater(boolean durable) {
    post("{'id':'" + key + "','key':'" + key + "','op':'echo','durable':" + durable + "}")
        .statusCode(200);
    getDone(key)
        .body("reply", equalTo(null))
        .body("$", hasKey("reply"))
        .body("shard", notNullValue())
        .body("worker", startsWith("worker-"));
  }

  @Test
  void aRequestThatEndedWithAProblemTellsItLater() {
    String refused =
        post("{'id':'" + key + "','key':'" + key + "','op':'acquire','payload':7,'wait':'10s'}")
            .statusCode(400)
            .body("type", equalTo("/problems/invalid-input"))
            .body("detail", startsWith("op acquire cannot run this: "))
            .extract()
            .path("detail");
    getDone(key)
        .body("problem.type", equalTo("/problems/invalid-input"))
        .body("problem.status", equalTo(400))
        .body("problem.detail", equalTo(refused))
        .body("$", not(hasKey("reply")));
  }

  @Test
  void aRequestThatIsNotThereIsNotFound() {
    get("/requests/" + key)
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/not-found"))
        .body("detail", containsString(key));
    get("/requests/" + "k".repeat(300)).statusCode(400).body("detail", containsString("256"));
  }

  /**
   * The caller hangs up without having read the answer; before the request was accepted it would be
   * none.
   */
  @Test
  void afterALostConnectionTheOutcomeIsThere() throws Exception {
    String body = "{\"id\":\"%s\",\"key\":\"%s\",\"op\":\"count\"}".formatted(key, key);
    try (var socket = new Socket("localhost", RestAssured.port)) {
      socket
          .getOutputStream()
          .write(
              ("POST /requests HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Content-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      Calls.getUntil("/requests/" + key, answer -> answer.extract().statusCode() == 200);
    }
    getDone(key).body("reply.count", equalTo(1));
  }

  @Test
  void chaosIsOffUnlessItIsSet() {
    for (String what : List.of("stall", "kill")) {
      Calls.postTo("/mesh/chaos/" + what, "{'worker':'worker-0'}")
          .statusCode(404)
          .contentType("application/problem+json")
          .body("detail", containsString("sluice.mesh.chaos is off"));
    }
  }

  @Test
  void healthMetricsAndOpenApiTellOfTheService() {
    given().get("/q/health/live").then().statusCode(200).body(containsString("router"));
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body(containsString("has joined"))
        .body(containsString("gives shards"));
    given().get("/q/health/started").then().statusCode(200);
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("sluice_mesh_channel_depth"))
        .body(containsString("sluice_mesh_shard_ownerships_total"))
        .body(containsString("sluice_mesh_requests_total{outcome=\"replied\"}"))
        .body(containsString("sluice_mesh_in_flight "))
        .body(containsString("sluice_mesh_redelivered_total"))
        .body(containsString("sluice_mesh_workers{state=\"live\"} 4.0"))
        .body(containsString("sluice_mesh_out_of_service 0.0"))
        .body(containsString("sluice_mesh_restarts_total"))
        .body(containsString("sluice_mesh_heartbeat_age_seconds"))
        .body(containsString("sluice_mesh_store_asked_total"));
    given()
        .accept("application/json")
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body("paths.size()", greaterThan(1));
  }
}
