package dev.sluice.limiter.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code POST /peek}, {@code /release} and {@code /reset}. */
@QuarkusTest
class BalanceHttpTest {
  private final String key = "user:" + UUID.randomUUID();

  @Test
  void aLookTakesNothing() {
    for (int i = 0; i < 3; i++) {
      post("/peek", "'permits':3")
          .statusCode(200)
          .header("RateLimit", equalTo("\"inline\";r=3;t=0"))
          .header("RateLimit-Policy", equalTo("\"inline\";q=3;w=3600"))
          .body("key", equalTo(key))
          .body("permits", is(0))
          .body("limit", is(3))
          .body("remaining", is(3))
          .body("retryAfter", equalTo("0s"))
          .body("resetAfter", equalTo("0s"));
    }
  }

  @Test
  void aLookSaysWhenAsManyCanBeHad() {
    post("/acquire", "'permits':3").statusCode(200);

    post("/peek", "'permits':2")
        .statusCode(200)
        .body("remaining", is(0))
        .body("retryAfter", anyOf(startsWith("2399"), equalTo("40m")))
        .body("resetAfter", anyOf(startsWith("3599"), equalTo("1h")));
  }

  @Test
  void whatWasNotUsedComesBackAndNoMoreThanWasTaken() {
    post("/acquire", "'permits':2").statusCode(200);

    post("/release", "'permits':1").statusCode(200).body("permits", is(1)).body("remaining", is(2));
    post("/release", "'permits':3").statusCode(200).body("permits", is(1)).body("remaining", is(3));
    post("/release", "'permits':3").statusCode(200).body("permits", is(0)).body("remaining", is(3));
  }

  @Test
  void aResetMakesAllPermitsBeThere() {
    post("/acquire", "'permits':3").statusCode(200);
    post("/acquire", "'permits':1").statusCode(429);

    post("/reset", "").statusCode(200).body("remaining", is(3)).body("resetAfter", equalTo("0s"));

    post("/acquire", "'permits':3").statusCode(200);
  }

  @Test
  void goesByPolicyToo() {
    send("/acquire", "{'key':'%s','policy':'trial','permits':4}".formatted(key)).statusCode(200);
    send("/peek", "{'key':'%s','policy':'trial'}".formatted(key))
        .statusCode(200)
        .header("RateLimit-Policy", startsWith("\"trial\";q=10"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/peek", "/release", "/reset"})
  void saysWhatIsWrong(String path) {
    invalid(path, "{}", "key");
    invalid(path, "{'key':'k'}", "limit");
    invalid(path, "{'key':'k','policy':'nosuch'}", "policy");
    invalid(path, "{'key':'k','policy':'trial','wait':'1s'}", "wait");
    invalid(path, "{'key':'k','limit':{'rate':0,'per':'1s'}}", "limit.rate");
    send(path, "").statusCode(400);
    given().contentType("text/plain").body("x").post(path).then().statusCode(415);
    given().get(path).then().statusCode(405);
  }

  @Test
  void permitsMustBePossibleOnes() {
    post("/peek", "'permits':4").statusCode(400).body("errors.field", hasItems("permits"));
    post("/release", "'permits':0").statusCode(400).body("errors.field", hasItems("permits"));
    post("/reset", "'permits':1").statusCode(400).body("errors.field", hasItems("permits"));
  }

  private static void invalid(String path, String body, String field) {
    send(path, body)
        .statusCode(400)
        .body("type", equalTo("/problems/invalid-input"))
        .body("errors.field", hasItems(field));
  }

  /** Of a bucket of three an hour. */
  private ValidatableResponse post(String path, String more) {
    return send(
        path,
        "{'key':'%s',%s'limit':{'rate':3,'per':'1h'}}"
            .formatted(key, more.isEmpty() ? "" : more + ","));
  }

  private static ValidatableResponse send(String path, String body) {
    return given().contentType("application/json").body(body.replace('\'', '"')).post(path).then();
  }
}
