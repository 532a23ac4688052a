package dev.sluice.mesh.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code POST /requests} and {@code GET /mesh}. */
@QuarkusTest
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
          {'key':'k','op':'nosuch'}                     | count, echo
          {'key':'k','op':7}                            | op
          {'key':'k','op':'echo','id':''}               | id
          {'key':'k','op':'echo','wait':'31s'}          | wait: 31s is not allowed, must be more than 0 and at most 30s
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
    post("{'key':'','op':'zz','wait':'0s','id':''}")
        .statusCode(400)
        .body("errors.field", equalTo(List.of("key", "id", "op", "wait")));
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
  void theMeshShowsShardsWorkersAndHeartbeats() {
    post("{'key':'" + key + "','op':'echo','wait':'10s'}").statusCode(200);
    given()
        .get("/mesh")
        .then()
        .statusCode(200)
        .body("shards", hasSize(32))
        .body("shards.worker", everyItem(startsWith("worker-")))
        .body("workers", hasSize(4))
        .body("workers.sinceHeartbeat", everyItem(notNullValue()))
        .body("router.accepted", greaterThan(0));
  }

  @Test
  void healthMetricsAndOpenApiTellOfTheService() {
    given().get("/q/health/live").then().statusCode(200).body(containsString("router"));
    given().get("/q/health/ready").then().statusCode(200);
    given().get("/q/health/started").then().statusCode(200);
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("sluice_mesh_channel_depth"))
        .body(containsString("sluice_mesh_shard_ownerships_total"));
    given()
        .accept("application/json")
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body("paths.size()", greaterThan(1));
  }

  private static ValidatableResponse post(String body) {
    return given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/requests")
        .then();
  }
}
