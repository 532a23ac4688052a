package dev.sluice.dedup.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@code POST /dedup/peek}, {@code DELETE} and {@code GET}. */
@QuarkusTest
class KeysHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String namespace = "keys-" + UUID.randomUUID();

  @TestHTTPResource URI service;

  @Test
  void peekTellsAndCountsNothing() {
    peek("k").statusCode(404);
    JsonPath first = see("k");
    for (int i = 0; i < 2; i++) {
      JsonPath known = peek("k").statusCode(200).extract().jsonPath();
      assertEquals("k", known.getString("key"));
      assertEquals(1, known.getLong("seen"));
      assertEquals(first.getString("firstSeenAt"), known.getString("firstSeenAt"));
      assertEquals(first.getString("expiresAt"), known.getString("expiresAt"));
      assertEquals(4, new HashSet<>(known.getMap("").keySet()).size());
    }
    assertEquals(2, see("k").getLong("seen"));
    peek("k").statusCode(200).body("seen", equalTo(2));
  }

  @Test
  void withoutANamespaceItIsTheDefaultOne() {
    post("/dedup", Map.of("key", namespace, "ttl", "10m")).statusCode(200);

    post("/dedup/peek", Map.of("key", namespace)).statusCode(200).body("seen", equalTo(1));
    given().delete("/dedup/default/{key}", namespace).then().statusCode(204);
    post("/dedup/peek", Map.of("key", namespace)).statusCode(404);
  }

  @Test
  void aKeyThatIsNotWithinAWindowIsNotFound() {
    peek("nosuch")
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/not-found"))
        .body("detail", containsString("the key \"nosuch\" is not within a window"))
        .body("instance", equalTo("/dedup/peek"));
    given()
        .delete("/dedup/{namespace}/nosuch", namespace)
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/not-found"))
        .body("instance", equalTo("/dedup/" + namespace + "/nosuch"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k",
        "a/b",
        "/",
        "//",
        "/a//b/",
        "../..",
        "a/../b",
        "%",
        "%2F",
        "a%20b",
        "a b",
        " ",
        "a+b",
        "a;b=c",
        "a?b=c&d",
        "#",
        "a,b@c:d",
        "é",
        "日本",
        "\uD83D\uDE00",
        "\\",
        "\"quoted\"",
        "{key}"
      })
  void everyKeyCanBeForgotten(String key) throws Exception {
    see(key);

    HttpResponse<String> forgotten = delete(key);
    assertEquals(204, forgotten.statusCode(), forgotten::body);
    assertEquals("", forgotten.body());
    peek(key).statusCode(404);
    assertEquals(404, delete(key).statusCode());
    assertEquals(1, see(key).getLong("seen"), "who comes now is the first");
  }

  /** Every byte percent-encoded, and the path as it is, whatever a client's library thinks. */
  private HttpResponse<String> delete(String key) throws Exception {
    String encoded =
        HexFormat.ofDelimiter("%").withUpperCase().formatHex(key.getBytes(StandardCharsets.UTF_8));
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://" + service.getAuthority() + "/dedup/" + namespace + "/%" + encoded))
              .DELETE()
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** They are steps of a path, encoded or not, and never come as names. */
  @ParameterizedTest
  @ValueSource(strings = {".", "..", "/", "é", "k"})
  void whatNoPathCanNameABodyCan(String key) {
    see(key);

    forget(key).statusCode(204);
    forget(key)
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/not-found"))
        .body("instance", equalTo("/dedup/forget"));
    peek(key).statusCode(404);
    post("/dedup/forget", Map.of("namespace", namespace)).statusCode(400);
  }

  private ValidatableResponse forget(String key) {
    return post("/dedup/forget", Map.of("namespace", namespace, "key", key));
  }

  @Test
  void slashesNeedNoEncoding() {
    see("a/b/c");

    given()
        .urlEncodingEnabled(false)
        .delete("/dedup/" + namespace + "/a/b/c")
        .then()
        .statusCode(204);
    peek("a/b/c").statusCode(404);
  }

  @Test
  void countsTheKeysOfANamespace() {
    count(namespace).statusCode(200).body("keys", equalTo(0));
    see("a");
    see("a");
    see("b");
    count(namespace)
        .statusCode(200)
        .contentType("application/json")
        .body("namespace", equalTo(namespace))
        .body("keys", equalTo(2));

    given().delete("/dedup/{namespace}/a", namespace).then().statusCode(204);
    count(namespace).statusCode(200).body("keys", equalTo(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a;x=1", "a/../b", "a//b", "/a", "a/", "a/.", "./a", "%ff", "a%c0%af", "..;/a"})
  void aPathThatServersWouldChangeNamesNoKey(String path) throws Exception {
    for (String key : new String[] {"a", "b", "a/b"}) {
      see(key);
    }
    try (var client = new Socket(service.getHost(), service.getPort())) {
      client
          .getOutputStream()
          .write(
              ("DELETE /dedup/" + namespace + "/" + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      var answer = new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertTrue(Set.of("HTTP/1.1 400", "HTTP/1.1 404", "HTTP/1.1 405").contains(answer), answer);
    }
    count(namespace).body("keys", equalTo(3));
  }

  @Test
  void noMetricHasAKeyForALabel() {
    given().put("/dedup/{namespace}/secret", namespace).then().statusCode(405);
    given().delete("/dedup/{namespace}/secret", namespace).then().statusCode(404);
    given().get("/nowhere/{namespace}", namespace).then().statusCode(404);

    String metrics = given().get("/q/metrics").asString();
    assertFalse(metrics.contains(namespace));
    assertTrue(
        metrics
            .lines()
            .anyMatch(line ->
                line.startsWith("http_server_requests_seconds_count") && line.contains("\"405\"")),
        metrics);
  }

  @ParameterizedTest
  @ValueSource(strings = {"batch", "peek", "forget", "stream", "a/b", "é ;?"})
  void anyNamespaceCanBeCounted(String any) {
    int before = count(any).statusCode(200).extract().jsonPath().getInt("keys");
    post("/dedup", Map.of("namespace", any, "key", namespace, "ttl", "10m")).statusCode(200);

    count(any).body("namespace", equalTo(any)).body("keys", equalTo(before + 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                              | key
          {'key':null}                    | key
          {'key':''}                      | key
          {'key':'a\\u0007'}              | key
          {'key':7}                       | key
          {'key':'k','namespace':''}      | namespace
          {'key':'k','ttl':'10m'}         | ttl
          {'key':                         | line 1
          []                              | body
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/dedup/peek")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named));
  }

  @Test
  void namesInThePathMustBeKeysToo() {
    given()
        .delete("/dedup/{namespace}/{key}", namespace, "k".repeat(1_025))
        .then()
        .statusCode(400)
        .body("detail", containsString("1024 bytes"));
    given()
        .delete("/dedup/{namespace}/{key}", "n\u0001", "k")
        .then()
        .statusCode(400)
        .body("detail", containsString("namespace"));
    count("n".repeat(1_025)).statusCode(400).body("detail", containsString("namespace"));
  }

  private JsonPath see(String key) {
    return post("/dedup", Map.of("namespace", namespace, "key", key, "ttl", "10m"))
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private ValidatableResponse peek(String key) {
    return post("/dedup/peek", Map.of("namespace", namespace, "key", key));
  }

  private static ValidatableResponse count(String namespace) {
    return given().get("/dedup/{namespace}", namespace).then();
  }

  private static ValidatableResponse post(String path, Map<String, String> body) {
    try {
      return given()
          .contentType("application/json; charset=utf-8")
          .body(JSON.writeValueAsString(body))
          .post(path)
          .then();
    } catch (java.io.IOException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
