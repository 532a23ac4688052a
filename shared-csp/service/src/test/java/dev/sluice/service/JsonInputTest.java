package dev.sluice.service;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is wrong with a body is said in words that name the field, the value and what is allowed.
 */
@QuarkusTest
class JsonInputTest {

  @Test
  void goodInputIsTakenAsItIs() {
    post("""
    {"key":"user:42","count":5,"total":9223372036854775807,"urgent":true,"ratio":1,
     "colour":"RED","wait":"PT0.25S","at":"2026-11-23T10:00:00Z",
     "limit":{"rate":1,"per":"90s"},"limits":[{"rate":2,"per":"24h"}],
     "payload":{"price":1.10,"huge":123456789012345678901234567890,"deep":[[null]]}}
    """)
        .statusCode(200)
        .body("wait", equalTo("250ms"))
        .body("at", equalTo("2026-11-23T10:00:00Z"))
        .body("limit.per", equalTo("90s"))
        .body("limits[0].per", equalTo("1d"))
        .body(containsString("\"price\":1.10"))
        .body(containsString("\"huge\":123456789012345678901234567890"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e5",
        "-0.0",
        "-0",
        "1E+5",
        "1.10",
        "1e99999999999",
        "[1,{\"a\":[]},null,true]",
        "\"\u00e9\""
      })
  void whatIsPassedOnComesOutAsItCameIn(String payload) {
    post("{\"key\":\"a\",\"payload\":" + payload + "}")
        .statusCode(200)
        .body(containsString("\"payload\":" + payload + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"key":"a","payload":{"k":"\\ud800"}}     | payload.k: "\\uD800" is not allowed, must not have half of a surrogate pair
          {"key":"a","payload":[1,["\\uDC00x"]]}    | payload[1][0]: "\\uDC00x" is not allowed, must not have half of a surrogate pair
          {"key":"a","payload":{"a":{"\\ud83d":1}}} | payload.a: "\\uD83D" is not allowed, a field's name must not have half of a surrogate pair
          {"\\ud83d":1}                            | body: "\\uD83D" is not allowed, a field's name must not have half of a surrogate pair
          {"key":"\\ude00\\ud83d"}                 | key: "\\uDE00\\uD83D" is not allowed, must not have half of a surrogate pair
          "\\ud800"                                | body: "\\uD800" is not allowed, must not have half of a surrogate pair
          """)
  void halfOfASurrogatePairIsNamed(String body, String detail) {
    post(body).statusCode(400).body("detail", equalTo(detail)).body("errors.size()", is(1));
  }

  @Test
  void aSurrogatePairIsGood() {
    post("{\"key\":\"\\ud83d\\ude00\",\"payload\":\"\\uD83D\\uDE00\"}")
        .statusCode(200)
        .body("key", equalTo("\ud83d\ude00"))
        .body("payload", equalTo("\ud83d\ude00"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"key":"a","count":"5"}       | count: "5" is not allowed, must be a whole number from -2147483648 to 2147483647
          {"key":"a","count":1.5}       | count: 1.5 is not allowed, must be a whole number from -2147483648 to 2147483647
          {"key":"a","count":true}      | count: true is not allowed, must be a whole number from -2147483648 to 2147483647
          {"key":"a","limit":{"rate":null,"per":"1s"}} | limit.rate: is required
          {"key":"a","limit":{"per":"1s"}} | limit.rate: is required
          {"key":"a","count":[]}        | count: a list is not allowed, must be a whole number from -2147483648 to 2147483647
          {"key":"a","count":{}}        | count: an object is not allowed, must be a whole number from -2147483648 to 2147483647
          {"key":"a","count":99999999999} | count: 99999999999 is not allowed, must be a whole number from -2147483648 to 2147483647
          {"key":"a","total":9223372036854775808} | total: 9223372036854775808 is not allowed, must be a whole number from -9223372036854775808 to 9223372036854775807
          {"key":"a","total":1e400}     | total: 1e400 is not allowed, must be a whole number from -9223372036854775808 to 9223372036854775807
          {"key":"a","count":-1}        | count: -1 is not allowed, must be greater than or equal to 0
          {"key":"a","count":1001}      | count: 1001 is not allowed, must be less than or equal to 1000
          {"key":5}                     | key: 5 is not allowed, must be a string
          {"key":true}                  | key: true is not allowed, must be a string
          {"key":{}}                    | key: an object is not allowed, must be a string
          {"key":"a","urgent":"true"}   | urgent: "true" is not allowed, must be true or false
          {"key":"a","urgent":1}        | urgent: 1 is not allowed, must be true or false
          {"key":"a","ratio":"0.5"}     | ratio: "0.5" is not allowed, must be a number
          {"key":"a","colour":"BLUE"}   | colour: "BLUE" is not allowed, must be one of "RED", "GREEN"
          {"key":"a","colour":0}        | colour: 0 is not allowed, must be one of "RED", "GREEN"
          {"key":"a","at":"yesterday"}  | at: "yesterday" is not allowed, must be an instant such as "2026-01-31T12:00:00Z"
          {"key":"a","wait":"10x"}      | wait: "10x" is not a duration, must be a whole number with a unit (ns, us, ms, s, m, h, d) such as "250ms", or ISO-8601 such as "PT0.25S"
          {"key":"a","wait":10}         | wait: 10 is not allowed, must be a whole number with a unit (ns, us, ms, s, m, h, d) such as "250ms", or ISO-8601 such as "PT0.25S"
          {"key":"a","wait":"2h"}       | wait: 2h is not allowed, must be from 1ms to 1h
          {"key":"a","wait":"0s"}       | wait: 0s is not allowed, must be from 1ms to 1h
          {"key":"a","limit":{"rate":1}} | limit.per: is required
          {"key":"a","limit":{"rate":0,"per":"1s"}} | limit.rate: 0 is not allowed, must be greater than or equal to 1
          {"key":"a","limit":{"rate":13,"per":"1s"}} | limit: 13 is not allowed, must be a luckier rate
          {"key":"a","limit":"fast"}    | limit: "fast" is not allowed, must be an object
          {"key":"a","limit":[]}        | limit: a list is not allowed, must be an object
          {"key":"a","limits":{}}       | limits: an object is not allowed, must be a list
          {"key":"a","limits":[{"rate":1,"per":"1s"},{"rate":"x","per":"1s"}]} | limits[1].rate: "x" is not allowed, must be a whole number from -9223372036854775808 to 9223372036854775807
          {"key":"a","limits":[{"rate":0,"per":"1s"}]} | limits[0].rate: 0 is not allowed, must be greater than or equal to 1
          {"key":"a","limit":{"rate":1,"per":"1s","burst":2}} | limit.burst: is unknown, known here are per, rate
          {"key":"a","color":"RED"}     | color: is unknown, known here are at, colour, count, key, limit, limits, payload, ratio, total, urgent, wait
          {}                            | key: is required
          {"key":null}                  | key: is required
          {"key":""}                    | key: "" is not allowed, must be 1 to 256 bytes of UTF-8, but is 0
          {"key":"a","key":"b"}         | body: is broken JSON at line 1, column 17: Duplicate field 'key'
          {"key":"a"} {"key":"b"}       | body: has more than one JSON value
          {"key":"a"} x                 | body: is broken JSON at line 1, column 13: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
          {"key":                       | body: is broken JSON at line 1, column 8: Unexpected end-of-input within/between Object entries
          {'key':'a'}                   | body: is broken JSON at line 1, column 2: Unexpected character (''' (code 39)): was expecting double-quote to start field name
          []                            | body: a list is not allowed, must be an object
          "text"                        | body: "text" is not allowed, must be an object
          7                             | body: 7 is not allowed, must be an object
          null                          | body: is null, a JSON value is required
          """)
  void badInputIsNamed(String body, String detail) {
    post(body)
        .statusCode(400)
        .contentType(Problem.MEDIA_TYPE)
        .body("type", equalTo("/problems/invalid-input"))
        .body("title", equalTo("The input is not valid"))
        .body("status", is(400))
        .body("detail", equalTo(detail))
        .body("instance", equalTo("/samples"))
        .body("errors.size()", is(1));
  }

  @Test
  void everyFieldThatIsWrongIsNamed() {
    post("{\"count\":-1}")
        .statusCode(400)
        .body("errors.field", equalTo(java.util.List.of("count", "key")))
        .body("errors[0].value", equalTo("-1"))
        .body("errors[0].message", equalTo("must be greater than or equal to 0"));
  }

  @Test
  void anEmptyBodyIsNamed() {
    given()
        .contentType("application/json")
        .post("/samples")
        .then()
        .statusCode(400)
        .body("detail", equalTo("body: is empty, a JSON value is required"));
  }

  @ParameterizedTest
  @CsvSource({
    "C328, C3", // no second byte
    "C1A1, C1", // an overlong a
    "E08080, E0", // an overlong U+0000
    "EDA080, ED", // U+D800
    "F4908080, F4", // over U+10FFFF
    "F7BFBFBF, F7",
    "80, 80",
    "C3, C3"
  })
  void bytesThatAreNotUtf8AreNamed(String bytes, String first) {
    post("{\"key\":\"\ufffd".getBytes(UTF_8), HexFormat.of().parseHex(bytes))
        .statusCode(400)
        .body("detail", equalTo("body: is not UTF-8: byte 0x" + first + " at index 11"));
  }

  @Test
  void aReplacementCharacterOfTheCallersOwnIsGood() {
    post("{\"key\":\"\ufffd\"}").statusCode(200).body("key", equalTo("\ufffd"));
  }

  @Test
  void anotherEncodingThanUtf8IsRefused() {
    post("{\"key\":\"a\"}".getBytes(UTF_16LE), new byte[0]).statusCode(400);
  }

  @Test
  void whatIsBrokenIsSaidWithoutJacksonsInternals() {
    post("{")
        .statusCode(400)
        .body(
            "detail",
            equalTo(
                "body: is broken JSON at line 1, column 2: Unexpected end-of-input:"
                    + " expected close marker for Object"));
  }

  @Test
  void aLongValueIsShortenedAndControlCharactersAreNotEchoed() {
    post("{\"key\":\"a\",\"colour\":\"" + "\\u001b".repeat(3) + "x".repeat(1000) + "\"}")
        .statusCode(400)
        .body("detail", containsString("\"\\u001B\\u001B\\u001Bxxx"))
        .body("detail", containsString("x\"... is not allowed"));
  }

  @Test
  void aKeyOfTenThousandCharactersIsRefused() {
    post("{\"key\":\"" + "k".repeat(10_000) + "\"}")
        .statusCode(400)
        .body("detail", containsString("must be 1 to 256 bytes of UTF-8, but is 10000"))
        .body("detail.length()", org.hamcrest.Matchers.lessThan(200));
  }

  @Test
  void deepJsonIsRefused() {
    post("{\"key\":\"a\",\"payload\":" + "[".repeat(5000) + "]".repeat(5000) + "}")
        .statusCode(400)
        .body("detail", containsString("asks for too much"))
        .body("detail", not(containsString("from")))
        .body("detail", not(containsString("StreamReadConstraints")));
  }

  @Test
  void veryLongNumbersAreRefused() {
    post("{\"key\":\"a\",\"payload\":" + "9".repeat(1000) + "}")
        .statusCode(400)
        .body("detail", containsString("asks for too much"));
  }

  @Test
  void beanValidationOnTheParameterSaysTheSame() {
    given()
        .contentType("application/json")
        .body("{\"key\":\"a\",\"count\":-1}")
        .post("/samples/annotated")
        .then()
        .statusCode(400)
        .contentType(Problem.MEDIA_TYPE)
        .body("detail", equalTo("count: -1 is not allowed, must be greater than or equal to 0"));
  }

  private static ValidatableResponse post(String body) {
    return post(body.getBytes(UTF_8), new byte[0]);
  }

  private static ValidatableResponse post(byte[] start, byte[] rest) {
    var body = Arrays.copyOf(start, start.length + rest.length);
    System.arraycopy(rest, 0, body, start.length, rest.length);
    return given().contentType("application/json").body(body).post("/samples").then();
  }
}
