package dev.sluice.pool.api;

import static dev.sluice.pool.api.Pool.awaitState;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.pool.TargetServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /submit} with an {@code Idempotency-Key}, in front of the real dedup-svc. */
@QuarkusTest
@TestProfile(IdempotentSubmitTest.WithDedup.class)
@Timeout(180)
class IdempotentSubmitTest {

  /** One worker and two places; and a lease that a test can outlast. */
  public static final class WithDedup implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "sluice.pool.workers", "1",
          "sluice.pool.queue.capacity", "2",
          "sluice.pool.max-wait", "1h",
          "sluice.idempotency.lease", "2s",
          "sluice.idempotency.timeout", "30s",
          "sluice.idempotency.max-body", "20K");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(DedupService.class));
    }
  }

  DedupService dedup;

  private final String key = UUID.randomUUID().toString();
  private final Channel<String> called = Channel.buffered(100);
  private final Channel<Integer> answers = Channel.buffered(100);
  private final TargetServer target =
      new TargetServer((got, exchange) -> {
        called.trySend(got.uri().getPath());
        try {
          TargetServer.answer(exchange, answers.receive());
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
        }
      });
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    for (int i = 0; i < 50; i++) {
      answers.trySend(200);
    }
    Pool.awaitQueue("push", "depth", 0);
    callers.shutdownNow();
    target.close();
  }

  @Test
  void theSameKeyTwiceIsOneJobAndTheSameBytes() {
    answers.trySend(200);
    Response first = submit('"' + key + '"', job("once"));
    first.then().statusCode(202).header("Idempotency-Replayed", nullValue());
    awaitState(first.path("id"), "succeeded");

    Response again = submit(key, job("once"));

    again.then().statusCode(202).header("Idempotency-Replayed", equalTo("true"));
    assertArrayEquals(first.asByteArray(), again.asByteArray());
    assertEquals(first.header("Location"), again.header("Location"));
    assertEquals(first.contentType(), again.contentType());
    assertEquals("/once", called.tryReceive());
    assertNull(called.tryReceive());
  }

  @Test
  void withoutAKeyOrWithAnotherOneEveryRequestIsAJob() {
    answers.trySend(200);
    answers.trySend(200);
    String one = submit(key, job("one")).then().statusCode(202).extract().path("id");
    awaitState(one, "succeeded");
    String two = Pool.accepted(job("one"));
    awaitState(two, "succeeded");
    assertTrue(!one.equals(two));
  }

  @Test
  void anotherBodyIsAnotherRequest() {
    submit(key, job("a")).then().statusCode(202);
    submit(key, job("b"))
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/claim-mismatch"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "a b", "\"a\", \"b\""})
  void whatIsNoKeyIsToldSo(String header) {
    submit(header, job("a"))
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-input"));
  }

  @Test
  void aBodyLargerThanIsLookedAtIsTooLarge() {
    String large = "{'target':{'url':'" + target.url("/a") + "','body':'" + "x".repeat(21_000);
    submit(key, large + "'}}").then().statusCode(413);
    String fits = "{'target':{'url':'" + target.url("/a") + "','body':'" + "x".repeat(15_000);
    submit(key, fits + "'}}").then().statusCode(202);
  }

  @Test
  void theOutcomeThatWasWaitedForIsReplayedToo() {
    answers.trySend(200);
    Response first = submit("/submit?result=10m", key, job("awaited"));
    first.then().statusCode(200).body("state", equalTo("succeeded"));

    Response again = submit("/submit?result=10m", key, job("awaited"));

    again.then().statusCode(200).header("Idempotency-Replayed", equalTo("true"));
    assertArrayEquals(first.asByteArray(), again.asByteArray());
    submit(key, job("awaited")).then().statusCode(422);
  }

  @Test
  void anAnswerThatSaysWhatIsWrongIsReplayedToo() {
    Response first = submit(key, "{'queue':'a b'}");
    first.then().statusCode(400);
    Response again = submit(key, "{'queue':'a b'}");
    again.then().statusCode(400).header("Idempotency-Replayed", equalTo("true"));
    assertArrayEquals(first.asByteArray(), again.asByteArray());
    assertEquals(first.contentType(), again.contentType());
  }

  @Test
  void ofTwinsThatComeAtOnceOneIsAcceptedAndTheOtherToldSo() throws Exception {
    fill();
    String wants = waiting("twins");
    Future<Response> first = callers.submit(() -> submit(key, wants));
    Pool.awaitQueue("push", "waitingSubmits", 1);

    submit(key, wants)
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .header("Retry-After", notNullValue())
        .body("type", equalTo("/problems/claim-in-progress"));
    assertEquals(409, claim("4s").statusCode()); // longer than the lease: it is renewed
    answers.trySend(200);
    first.get().then().statusCode(202);
    submit(key, wants).then().statusCode(202).header("Idempotency-Replayed", equalTo("true"));
  }

  @Test
  void aRequestThatFoundNoRoomMayBeRepeated() throws InterruptedException {
    fill();
    submit(key, job("late")).then().statusCode(429);
    for (int i = 0; i < 2; i++) {
      answers.trySend(200);
    }
    Pool.awaitQueue("push", "depth", 0);
    submit(key, job("late")).then().statusCode(202).header("Idempotency-Replayed", nullValue());
  }

  @Test
  void ofManyAtOnceOneJobIsMade() throws Exception {
    List<Future<Response>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(callers.submit(() -> submit(key, job("many"))));
    }
    int jobs = 0;
    for (Future<Response> call : calls) {
      Response answer = call.get();
      assertTrue(answer.statusCode() == 202 || answer.statusCode() == 409, answer.asString());
      jobs += answer.statusCode() == 202 && answer.header("Idempotency-Replayed") == null ? 1 : 0;
    }
    assertEquals(1, jobs);
    assertEquals(1, Pool.queue("push").getInt("depth"));
  }

  /** One job runs, and one waits: there is room for no other. */
  private void fill() throws InterruptedException {
    Pool.accepted(job("first"));
    assertEquals("/first", called.receive());
    Pool.accepted(job("second"));
  }

  private Response claim(String wait) {
    return given()
        .contentType("application/json")
        .body("{\"namespace\":\"worker-pool\",\"key\":\"" + key + "\",\"wait\":\"" + wait + "\"}")
        .post(dedup.url() + "/claims");
  }

  private String job(String path) {
    return "{'target':{'url':'" + target.url("/" + path) + "'}}";
  }

  private String waiting(String path) {
    return "{'target':{'url':'" + target.url("/" + path) + "'},'wait':'1h'}";
  }

  private static Response submit(String header, String body) {
    return submit("/submit", header, body);
  }

  private static Response submit(String path, String header, String body) {
    return given()
        .contentType("application/json")
        .header("Idempotency-Key", header)
        .body(body.replace('\'', '"'))
        .post(path);
  }
}
