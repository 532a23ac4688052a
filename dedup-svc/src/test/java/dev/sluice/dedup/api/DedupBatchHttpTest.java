package dev.sluice.dedup.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code POST /dedup/batch}. */
@QuarkusTest
class DedupBatchHttpTest {
  private final String namespace = "batch-" + UUID.randomUUID();

  @Test
  void answersEachInItsOrderAndOfTheSameKeyTheEarlierIsFirst() {
    batch(
            "{'requests':[{'key':'a','ttl':'10m','namespace':'%1$s'},"
                + "{'key':'b','ttl':'10m','namespace':'%1$s'},"
                + "{'key':'a','ttl':'10m','namespace':'%1$s'}]}")
        .statusCode(200)
        .contentType("application/json")
        .body("results.key", equalTo(List.of("a", "b", "a")))
        .body("results[0].first", equalTo(true))
        .body("results[2].first", equalTo(false))
        .body("results.seen", equalTo(List.of(1, 1, 2)));
  }

  @Test
  void anAnswerIsWhatTheKeyAloneIsAnswered() {
    JsonPath batch =
        batch("{'namespace':'%s','ttl':'10m','requests':[{'key':'a'}]}").extract().jsonPath();
    JsonPath alone =
        given()
            .contentType("application/json")
            .body(
                "{'key':'a','ttl':'10m','namespace':'%s'}".formatted(namespace).replace('\'', '"'))
            .post("/dedup")
            .jsonPath();

    assertEquals(batch.getString("results[0].firstSeenAt"), alone.getString("firstSeenAt"));
    assertEquals(batch.getString("results[0].expiresAt"), alone.getString("expiresAt"));
    assertEquals(2, alone.getLong("seen"));
    assertEquals(alone.getMap("").keySet(), batch.getMap("results[0]").keySet());
  }

  @Test
  void whatIsSaidOfAllIsOverriddenByEach() {
    batch("{'namespace':'%1$s','ttl':'10m','extend':true,'requests':[{'key':'a'}]}");

    JsonPath results =
        batch(
                "{'namespace':'%1$s','ttl':'1h','extend':true,'requests':["
                    + "{'key':'a','extend':false},"
                    + "{'key':'a'},"
                    + "{'key':'a','ttl':'2h'},"
                    + "{'key':'a','ttl':'1ns','namespace':'%1$s-other'},"
                    + "{'key':'a','ttl':null,'namespace':null,'extend':null}]}")
            .statusCode(200)
            .body("results.seen", equalTo(List.of(2, 3, 4, 1, 5)))
            .extract()
            .jsonPath();
    List<String> ends = results.getList("results.expiresAt");
    assertEquals(4, ends.stream().distinct().count(), "10m, 1h, 2h, 1ns: " + ends);
    assertEquals(ends.get(2), ends.get(4));
  }

  @Test
  void takesAThousandAndNotOneMore() {
    assertEquals(
        Collections.nCopies(1_000, 1),
        batch(keys(1_000)).statusCode(200).extract().jsonPath().getList("results.seen"));
    batch(keys(1_001))
        .statusCode(400)
        .body("detail", containsString("requests: has 1001 items, 1 to 1000 are allowed"));
    given()
        .get("/dedup/" + namespace)
        .then()
        .statusCode(200)
        .body("keys", equalTo(1_000))
        .body("namespace", equalTo(namespace));
  }

  private static String keys(int count) {
    return IntStream.range(0, count)
        .mapToObj("{'key':'key-%s'}"::formatted)
        .collect(Collectors.joining(",", "{'namespace':'%s','ttl':'10m','requests':[", "]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                              | requests: is required
          {'requests':null}                                               | requests: is required
          {'requests':[]}                                                 | requests: has 0 items
          {'requests':{}}                                                 | requests
          {'requests':['a']}                                              | requests[0]
          {'ttl':'1m','requests':[{'key':'a'},null]}                      | requests[1]: is required
          {'ttl':'1m','requests':[{'key':'a'},{}]}                        | requests[1].key: is required
          {'ttl':'1m','requests':[{'key':'a'},{'key':''}]}                | requests[1].key
          {'ttl':'1m','requests':[{'key':'a'},{'key':'b\\u0000'}]}        | requests[1].key
          {'ttl':'1m','requests':[{'key':'a'},{'key':7}]}                 | requests[1].key
          {'requests':[{'key':'a'}]}                                      | requests[0].ttl: is required
          {'requests':[{'key':'a','ttl':'0s'}]}                           | requests[0].ttl: 0s is not allowed
          {'requests':[{'key':'a','ttl':'8d'}]}                           | requests[0].ttl: 8d is not allowed, must be more than 0 and at most 7d
          {'requests':[{'key':'a','ttl':'x'}]}                            | requests[0].ttl
          {'ttl':'1m','requests':[{'key':'a','namespace':''}]}            | requests[0].namespace
          {'ttl':'1m','requests':[{'key':'a','colour':'red'}]}            | colour
          {'ttl':'1m','requests':[{'key':'a','extend':'yes'}]}            | extend
          {'ttl':'1m','namespace':'','requests':[{'key':'a'}]}            | namespace
          {'ttl':'0s','requests':[{'key':'a'}]}                           | ttl: 0s is not allowed
          {'ttl':'1m','colour':'red','requests':[{'key':'a'}]}            | colour
          """)
  void badInputIsAProblemThatNamesItsPlace(String body, String named) {
    batch(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named))
        .body("instance", equalTo("/dedup/batch"));
  }

  @Test
  void everythingThatIsWrongIsNamedAndNothingSeen() {
    batch("{'namespace':'%s','requests':[{'key':'good','ttl':'1m'},{'ttl':'0s'}," + "{'key':'b'}]}")
        .statusCode(400)
        .body(
            "errors.field",
            equalTo(List.of("requests[1].key", "requests[1].ttl", "requests[2].ttl")));
    given().get("/dedup/" + namespace).then().statusCode(200).body("keys", equalTo(0));
  }

  private ValidatableResponse batch(String body) {
    return given()
        .contentType("application/json")
        .body(body.formatted(namespace).replace('\'', '"'))
        .post("/dedup/batch")
        .then();
  }
}
