package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.accepted;
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
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code /jobs}: look, list, cancel, retry. */
@QuarkusTest
@Timeout(120)
class JobsHttpTest {
  private final String queue = newQueue();

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
    for (String path : List.of("", "/cancel", "/retry", "/events")) {
      var request = given().urlEncodingEnabled(false).noContentType();
      (path.isEmpty() || path.equals("/events")
              ? request.get("/jobs/" + id + path)
              : request.post("/jobs/" + id + path))
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("type", equalTo("/problems/not-found"))
          .body("detail", startsWith("there is no job "));
    }
  }

  @Test
  void aCancelledJobIsGoneForItsWorker() {
    String id = accepted("{'queue':'" + queue + "'}");
    JsonPath leased = leased(queue);
    post("/jobs/" + id + "/cancel").statusCode(200).body("state", equalTo("cancelled"));
    tell(leased, "ack", "").statusCode(409).body("state", equalTo("cancelled"));
    post("/jobs/" + id + "/cancel")
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/conflict"))
        .body("state", equalTo("cancelled"));
  }

  @Test
  void aCancelledJobCanBeRetried() {
    String id = accepted("{'queue':'" + queue + "'}");
    post("/jobs/" + id + "/cancel").statusCode(200);
    post("/jobs/" + id + "/retry").statusCode(200).body("state", equalTo("queued"));
    assertEquals(id, leased(queue).getString("jobs[0].id"));
    post("/jobs/" + id + "/retry").statusCode(409).body("state", equalTo("running"));
  }

  @Test
  void aScheduledJobBeginsAtOnceWhenItIsRetried() {
    String id = accepted("{'queue':'" + queue + "','delay':'1h'}");
    post("/jobs/" + id + "/retry").statusCode(200).body("state", equalTo("queued"));
  }

  @Test
  void aDeadLetterThatHasNoRoomIsToldSo() {
    put("/queues/" + queue, "{'capacity':1}").statusCode(200);
    String id = accepted("{'queue':'" + queue + "'}");
    post("/jobs/" + id + "/cancel").statusCode(200);
    accepted("{'queue':'" + queue + "'}");
    post("/jobs/" + id + "/retry")
        .statusCode(429)
        .header("Retry-After", "1")
        .body("type", equalTo("/problems/queue-full"));
  }

  @Test
  void pagesThroughAListTheLastFirst() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(0, accepted("{'queue':'" + queue + "','payload':" + i + "}"));
    }
    List<String> found = new ArrayList<>();
    String path = "/jobs?limit=2&queue=" + queue;
    JsonPath page = get(path).statusCode(200).extract().jsonPath();
    assertNull(page.get("jobs[0].payload"));
    while (true) {
      found.addAll(page.getList("jobs.id", String.class));
      String next = page.getString("next");
      if (next == null) {
        break;
      }
      page = get(path + "&cursor=" + next).statusCode(200).extract().jsonPath();
    }
    assertEquals(ids, found);
  }

  @Test
  void listsByStateAndGroup() {
    String first = accepted("{'queue':'" + queue + "','group':'g'}");
    String second = accepted("{'queue':'" + queue + "','group':'g'}");
    String other = accepted("{'queue':'" + queue + "','delay':'1h'}");
    get("/jobs?group=g&queue=" + queue).body("jobs.id", equalTo(List.of(second, first)));
    get("/jobs?state=blocked&queue=" + queue).body("jobs.id", equalTo(List.of(second)));
    get("/jobs?state=blocked&state=scheduled&queue=" + queue)
        .body("jobs.id", equalTo(List.of(other, second)));
    get("/jobs?state=failed&queue=" + queue).body("jobs", hasSize(0)).body("next", nullValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          limit=0          | limit: 0 is not allowed, must be from 1 to 1000
          limit=1001       | limit
          limit=x          | limit
          limit=1.5        | limit
          state=done       | state: "done" is not allowed, must be one of scheduled, blocked, queued
          state=QUEUED     | state
          queue=a+b        | queue
          group=%00        | group
          cursor=x         | cursor: "x" is not allowed, must be the next of an earlier page
          cursor=AAAAAAAA  | cursor
          cursor=%C3%A4    | cursor
          """)
  void aBadListIsAProblemThatNamesIt(String query, String named) {
    given()
        .urlEncodingEnabled(false)
        .get("/jobs?" + query)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named));
  }

  @Test
  void aJobShowsItsPayload() {
    String id = accepted("{'queue':'" + queue + "','payload':[1,2]}");
    job(id).body("payload", equalTo(List.of(1, 2)));
  }
}
