package dev.sluice.pool.api;

import static io.restassured.RestAssured.given;

import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import java.util.function.Predicate;

/** The service as the contract tests call it over HTTP. Bodies are JSON with single quotes. */
public final class Pool {
  private Pool() {}

  /** Sends a body. */
  public static ValidatableResponse post(String path, String body) {
    return given().contentType("application/json").body(body.replace('\'', '"')).post(path).then();
  }

  /** Sends nothing. */
  public static ValidatableResponse post(String path) {
    return given().noContentType().post(path).then();
  }

  /** Puts a body. */
  public static ValidatableResponse put(String path, String body) {
    return given().contentType("application/json").body(body.replace('\'', '"')).put(path).then();
  }

  /** Asks. */
  public static ValidatableResponse get(String path) {
    return given().get(path).then();
  }

  /** Submits a job. */
  public static ValidatableResponse submit(String body) {
    return post("/submit", body);
  }

  /** Submits what must be accepted; answers its id. */
  public static String accepted(String body) {
    return submit(body).statusCode(202).extract().path("id");
  }

  /** A job. */
  public static ValidatableResponse job(String id) {
    return get("/jobs/" + id);
  }

  /** Leases one job, which must be there or come. */
  public static JsonPath leased(String queue) {
    return post("/queues/" + queue + "/lease", "{'wait':'10s','worker':'w'}")
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  /** Says of a leased job. */
  public static ValidatableResponse tell(JsonPath leased, String what, String more) {
    return post(
        "/jobs/" + leased.getString("jobs[0].id") + "/" + what,
        "{'lease':'" + leased.getString("jobs[0].lease") + "'" + more + "}");
  }

  /** Asks until the job is in that state. */
  public static ValidatableResponse awaitState(String id, String state) {
    while (true) {
      ValidatableResponse job = job(id).statusCode(200);
      if (job.extract().path("state").equals(state)) {
        return job;
      }
    }
  }

  /** A queue that is there. */
  public static JsonPath queue(String name) {
    return get("/queues/" + name).statusCode(200).extract().jsonPath();
  }

  /** Asks until the number is that. */
  public static void awaitQueue(String name, String number, int value) {
    while (queue(name).getInt(number) != value) {
      Thread.onSpinWait();
    }
  }

  /** A metric without labels. */
  public static double metric(String name) {
    return metric(line -> line.startsWith(name + " "));
  }

  /** The first metric whose line is such. */
  public static double metric(Predicate<String> which) {
    return get("/q/metrics")
        .statusCode(200)
        .extract()
        .asString()
        .lines()
        .filter(which)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** Asks until the metric is that. */
  public static void awaitMetric(String name, double value) {
    while (metric(name) != value) {
      Thread.onSpinWait();
    }
  }

  /** A queue's name that no other test has. */
  public static String newQueue() {
    return "q-" + UUID.randomUUID();
  }
}
