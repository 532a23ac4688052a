package dev.sluice.mesh.api;

import static io.restassured.RestAssured.given;

import io.restassured.response.ValidatableResponse;
import java.util.function.Predicate;

/** Calls the service under test; in bodies, ' stands for ". */
final class Calls {
  private Calls() {}

  static ValidatableResponse post(String body) {
    return postTo("/requests", body);
  }

  static ValidatableResponse postTo(String path, String body) {
    return given().contentType("application/json").body(body.replace('\'', '"')).post(path).then();
  }

  static ValidatableResponse get(String path) {
    return given().get(path).then();
  }

  /** Asks until the answer is as wanted. */
  static ValidatableResponse getUntil(String path, Predicate<ValidatableResponse> wanted) {
    ValidatableResponse answer = get(path);
    while (!wanted.test(answer)) {
      answer = get(path);
    }
    return answer;
  }

  /** Asks until a request is done. */
  static ValidatableResponse getDone(String id) {
    return getUntil(
        "/requests/" + id,
        answer ->
            answer.extract().statusCode() == 200 && "done".equals(answer.extract().path("state")));
  }

  /** The sum of a metric's samples. */
  static double metric(String name) {
    return get("/q/metrics")
        .statusCode(200)
        .extract()
        .asString()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
