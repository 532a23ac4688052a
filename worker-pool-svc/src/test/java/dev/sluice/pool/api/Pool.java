package dev.sluice.pool.api;

import static io.restassured.RestAssured.given;

import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** The service as the contract tests call it over HTTP. */
final class Pool {
  private Pool() {}

  /**
   * @param body JSON with single quotes
   */
  static ValidatableResponse submit(String body) {
    return given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/submit")
        .then();
  }

  /** Submits what must be accepted; answers its id. */
  static String accepted(String body) {
    return submit(body).statusCode(202).extract().path("id");
  }

  static ValidatableResponse job(String id) {
    return given().get("/jobs/" + id).then();
  }

  /** Asks until the job is in that state. */
  static ValidatableResponse awaitState(String id, String state) {
    while (true) {
      ValidatableResponse job = job(id).statusCode(200);
      if (job.extract().path("state").equals(state)) {
        return job;
      }
    }
  }

  static JsonPath queue() {
    return given().get("/queue").then().statusCode(200).extract().jsonPath();
  }

  /** Asks until the number is that. */
  static void awaitQueue(String number, int value) {
    while (queue().getInt(number) != value) {
      Thread.onSpinWait();
    }
  }
}
