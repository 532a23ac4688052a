package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of {@code POST /acquire/batch}. */
@QuarkusTest
class AcquireBatchHttpTest {
  private final String a = "a:" + UUID.randomUUID();
  private final String b = "b:" + UUID.randomUUID();

  @Test
  void eachIsGrantedOrRefusedForItself() {
    post("{'requests':[%s,%s,%s]}".formatted(three(a, 3), three(b, 1), three(a, 1)))
        .statusCode(200)
        .body("granted", is(false))
        .body("results", hasSize(3))
        .body("results[0].granted", is(true))
        .body("results[0].key", equalTo(a))
        .body("results[0].remaining", is(0))
        .body("results[1].granted", is(true))
        .body("results[1].remaining", is(2))
        .body("results[2].granted", is(false))
        .body("results[2].key", equalTo(a))
        .body("results[2].problem.type", equalTo("/problems/rate-limited"))
        .body("results[2].problem.status", is(429))
        .body("results[2].problem.remaining", is(0));
  }

  @Test
  void aPolicyThatDoesNotExistIsTheProblemOfItsOwnRequestOnly() {
    post("{'requests':[%s,{'key':'k','policy':'nosuch'}]}".formatted(three(a, 1)))
        .statusCode(200)
        .body("results[0].granted", is(true))
        .body("results[1].problem.type", equalTo("/problems/invalid-input"))
        .body("results[1].problem.detail", containsString("trial"));
  }

  @Test
  void allAreGrantedTogether() {
    post("{'mode':'ALL','requests':[%s,%s]}".formatted(three(a, 3), three(b, 1)))
        .statusCode(200)
        .body("granted", is(true))
        .body("results.granted", hasItems(true, true))
        .body("results.remaining", hasItems(0, 2));
  }

  @Test
  void allOrNoneIsRefusedWithWhatWasInTheWayAndTakesNothing() {
    post("{'requests':[%s]}".formatted(three(b, 3))).statusCode(200);

    post("{'mode':'ALL','requests':[%s,%s]}".formatted(three(a, 2), three(b, 1)))
        .statusCode(429)
        .header("Retry-After", "1200")
        .header("RateLimit-Policy", equalTo("\"inline\";q=3;w=3600"))
        .body("type", equalTo("/problems/rate-limited"))
        .body("detail", containsString("none of the 2 requests was granted: 1 "))
        .body("refused", hasSize(1))
        .body("refused[0].request", is(1))
        .body("refused[0].key", equalTo(b))
        .body("refused[0].remaining", is(0));

    post("{'mode':'ALL','requests':[%s]}".formatted(three(a, 3))).statusCode(200);
  }

  @Test
  void allOrNoneNamesTheRequestWhosePolicyDoesNotExist() {
    post("{'mode':'ALL','requests':[%s,{'key':'k','policy':'nosuch'}]}".formatted(three(a, 1)))
        .statusCode(400)
        .body("errors[0].field", equalTo("requests[1].policy"));
  }

  @Test
  void whatIsWrongIsNamedWithItsRequest() {
    invalid("{'requests':[]}", "requests");
    invalid("{}", "requests");
    invalid("{'requests':null}", "requests");
    invalid("{'requests':[null]}", "requests[0]");
    invalid("{'requests':[{'key':'k'}]}", "requests[0].limit");
    invalid("{'requests':[%s,%s]}".formatted(three(a, 1), three("", 1)), "requests[1].key");
    invalid("{'requests':[%s]}".formatted(three(a, 4)), "requests[0].permits");
    invalid("{'requests':[%s],'wait':'11s'}".formatted(three(a, 1)), "wait");
    invalid("{'requests':[%s],'mode':'SOME'}".formatted(three(a, 1)), "mode");
    invalid("{'requests':[{'key':'k','policy':'trial','wait':'1s'}]}", "requests[0].wait");
    String many =
        IntStream.range(0, 1_001).mapToObj(i -> three("k" + i, 1)).collect(Collectors.joining(","));
    invalid("{'requests':[" + many + "]}", "requests");
  }

  @Test
  void aThousandAreAnsweredInTheirOrder() {
    String many =
        IntStream.range(0, 1_000)
            .mapToObj(i -> three(a + i, i % 3 + 1))
            .collect(Collectors.joining(","));
    post("{'requests':[" + many + "]}")
        .statusCode(200)
        .body("granted", is(true))
        .body("results", hasSize(1_000))
        .body("results[999].key", equalTo(a + 999))
        .body("results[7].permits", is(2));
  }

  @Test
  void answersWithoutAnythingThatOnlyGrpcNeeds() {
    post("{'requests':[%s,%s]}".formatted(three(a, 3), three(a, 1)))
        .body("results[1].keySet()", hasItems("granted", "key", "problem"))
        .body("results[1].keySet()", not(hasItems("cause")))
        .body("results[0].keySet()", not(hasItems("quota")));
  }

  private static void invalid(String body, String field) {
    post(body)
        .statusCode(400)
        .body("type", equalTo("/problems/invalid-input"))
        .body("errors.field", hasItems(field));
  }

  /** Permits of a bucket of three an hour. */
  private static String three(String key, int permits) {
    return "{'key':'%s','permits':%d,'limit':{'rate':3,'per':'1h'}}".formatted(key, permits);
  }

  private static ValidatableResponse post(String body) {
    return given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/acquire/batch")
        .then();
  }
}
