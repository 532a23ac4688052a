package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.get;
import static dev.sluice.pool.api.Pool.put;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code /schedules}. */
@QuarkusTest
@Timeout(120)
class SchedulesHttpTest {
  private final String name = "s-" + UUID.randomUUID();
  private final String path = "/schedules/" + name;

  @Test
  void isMadeShownChangedAndDeleted() {
    get(path).statusCode(404).body("type", equalTo("/problems/not-found"));
    put(
            path,
            """
            {'cron':'0 3 1 1 *','zone':'Europe/Berlin','missed':'catchUp',
             'job':{'queue':'nightly','payload':{'a':1},'attempts':2,'backoff':'5s','priority':'high'}}\
            """)
        .statusCode(200)
        .body("name", equalTo(name))
        .body("cron", equalTo("0 3 1 1 *"))
        .body("zone", equalTo("Europe/Berlin"))
        .body("missed", equalTo("catchUp"))
        .body("paused", equalTo(false))
        .body("job.queue", equalTo("nightly"))
        .body("job.payload.a", equalTo(1))
        .body("job.attempts", equalTo(2))
        .body("job.backoff.initial", equalTo("5s"))
        .body("job.priority", equalTo("high"))
        .body("job.timeout", nullValue())
        .body("next", matchesPattern("20..-01-01T02:00:00Z"))
        .body("last", nullValue());
    get(path).statusCode(200).body("cron", equalTo("0 3 1 1 *"));
    get("/schedules").statusCode(200).body("schedules.name", hasItem(name));

    put(path, "{'cron':'*/5 * * * *','job':{},'paused':true}")
        .statusCode(200)
        .body("zone", equalTo("UTC"))
        .body("missed", equalTo("skip"))
        .body("paused", equalTo(true))
        .body("job.queue", equalTo("default"));

    given().delete(path).then().statusCode(204);
    get(path).statusCode(404);
    given().delete(path).then().statusCode(404);
  }

  @Test
  void headersOfATargetAreNotShown() {
    put(path, "{'cron':'0 3 1 1 *','job':{'target':{'url':'http://a/','headers':{'x':'secret'}}}}")
        .statusCode(200)
        .body("job.queue", equalTo("push"))
        .body("job.target.url", equalTo("http://a/"))
        .body("job.target.headers", nullValue());
    given().delete(path).then().statusCode(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {}                                                  | cron: is required; job: is required
          {'cron':'* * * * *','job':null}                     | job: is required
          {'cron':'','job':{}}                                | cron
          {'cron':'often','job':{}}                           | cron
          {'cron':'60 * * * *','job':{}}                      | cron
          {'cron':'* * * * * *','job':{}}                     | cron
          {'cron':5,'job':{}}                                 | cron
          {'cron':'* * * * *','job':{},'zone':'Mars/Base'}    | zone: 'Mars/Base' is not allowed
          {'cron':'* * * * *','job':{},'zone':''}             | zone
          {'cron':'* * * * *','job':{},'missed':'later'}      | missed: 'later' is not allowed
          {'cron':'* * * * *','job':{},'paused':'no'}         | paused
          {'cron':'* * * * *','job':{'attempts':0}}           | job.attempts
          {'cron':'* * * * *','job':{'wait':'1s'}}            | job.wait: must not be given
          {'cron':'* * * * *','job':{'notBefore':'2999-01-01T00:00:00Z'}} | job.notBefore: must not be given
          {'cron':'* * * * *','job':{'deadline':'2999-01-01T00:00:00Z'}}  | job.deadline: must not be given
          {'cron':'* * * * *','job':{'idempotencyKey':'k'}}   | job.idempotencyKey: must not be given
          {'cron':'* * * * *','job':{'target':{}}}            | job.target.url: is required
          {'cron':'* * * * *','job':{},'colour':'red'}        | colour
          {'cron':'* * * * *','job':{'colour':1}}             | job.colour
          []                                                  | body
          """)
  void badInputIsAProblemThatNamesIt(String body, String named) {
    put(path, body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"))
        .body("detail", containsString(named.replace('\'', '"')))
        .body("detail", not(containsString("dev.sluice")));
    get(path).statusCode(404);
  }

  @Test
  void whatIsTooLongIsRefused() {
    put(path, "{'cron':'" + "* ".repeat(129) + "','job':{}}")
        .statusCode(400)
        .body("detail", containsString("at most 256"));
    put("/schedules/" + "n".repeat(101), "{'cron':'* * * * *','job':{}}")
        .statusCode(400)
        .body("detail", containsString("name"));
  }
}
