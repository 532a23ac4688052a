package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How the demo talks to a service: against a server that gives one prepared response after another.
 */
@NoLeaks
class ServiceTest {

  private final VirtualClock clock = new VirtualClock();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Deque<Response> responses = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private Service service;

  private record Response(int status, String body, String retryAfter) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        call -> {
          String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(call.getRequestMethod() + " " + call.getRequestURI() + " " + body);
          Response response = responses.remove();
          if (response.retryAfter() != null) {
            call.getResponseHeaders().add("Retry-After", response.retryAfter());
          }
          byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
          call.sendResponseHeaders(response.status(), bytes.length);
          call.getResponseBody().write(bytes);
          call.close();
        });
    server.start(); // one thread serves, one request after another
    service = service(server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void whatIsTakenAtOnceIsAnsweredAtOnce() throws InterruptedException {
    respond(202, "{\"id\":\"j1\"}", null);

    Service.Answer granted = insist();

    assertEquals("j1", granted.at("/id").asText());
    assertEquals(0, granted.refusals());
    assertEquals(List.of("POST /submit {\"a\":1}"), requests);
  }

  @Test
  void aRefusalIsWaitedOutAsLongAsItSaysAndThenAskedAgain() throws InterruptedException {
    respond(429, "{}", "2");
    respond(503, "{}", "3");
    respond(202, "{\"id\":\"j1\"}", null);
    var granted = new Reply<Service.Answer>();
    try (var scope = Scope.open("test", clock)) {
      scope.start("asking", () -> granted.complete(insist()));

      clock.awaitAlarms(1);
      clock.advance(Duration.ofMillis(1_999));
      assertEquals(1, clock.alarms());
      clock.advance(Duration.ofMillis(1));
      clock.awaitAlarms(1);
      clock.advance(Duration.ofMillis(2_999));
      assertEquals(1, clock.alarms());
      clock.advance(Duration.ofMillis(1));
      scope.join();
    }
    assertEquals(2, granted.await().refusals());
    assertEquals(3, requests.size());
  }

  @Test
  void aRefusalThatOutlastsThePatienceFailsWithoutWaitingForIt() {
    respond(429, "{\"detail\":\"the queue is full\"}", "61");

    assertEquals(
        "worker-pool-svc at "
            + service.base()
            + " has refused POST /submit 1 times within 60 s, the last time with: the queue is full",
        assertThrows(ServiceFailed.class, this::insist).getMessage());
  }

  @Test
  void anyOtherAnswerFailsWithItsDetail() {
    respond(400, "{\"detail\":\"attempts is 0, must be 1 to 10\"}", null);

    assertEquals(
        "worker-pool-svc at "
            + service.base()
            + " answered 400 to POST /submit: attempts is 0, must be 1 to 10",
        assertThrows(ServiceFailed.class, this::insist).getMessage());
  }

  @Test
  void whatIsNoJsonFails() {
    respond(202, "<html>", null);

    String message = assertThrows(ServiceFailed.class, this::insist).getMessage();

    assertTrue(message.contains("answered POST /submit with what is not JSON"), message);
  }

  @Test
  void aFieldThatIsMissingFails() throws InterruptedException {
    respond(202, "{\"id\":null}", null);
    Service.Answer answer = insist();

    String message = assertThrows(ServiceFailed.class, () -> answer.at("/id")).getMessage();

    assertTrue(message.endsWith("answered without /id: {\"id\":null}"), message);
  }

  @Test
  void aRetryAfterThatIsNoNumberFails() {
    respond(429, "{}", "soon");

    String message = assertThrows(ServiceFailed.class, this::insist).getMessage();

    assertTrue(message.contains("Retry-After: soon"), message);
  }

  @Test
  void aServiceThatIsReadyIsReady() throws InterruptedException {
    respond(200, "{\"status\":\"UP\"}", null);

    service.requireReady();

    assertEquals(List.of("GET /q/health/ready "), requests);
  }

  @Test
  void aServiceThatIsNotReadySaysWhyAndWhatToDo() {
    respond(503, "{\"status\":\"DOWN\"}", null);

    assertEquals(
        "worker-pool-svc at "
            + service.base()
            + " is not ready (it says 503 {\"status\":\"DOWN\"});"
            + " start the suite with './sluice up', or say where it is with --pool URL",
        assertThrows(ServiceFailed.class, () -> service.requireReady()).getMessage());
  }

  @Test
  void aServiceThatIsNotThereIsNamedWithWhatToDo() throws IOException {
    Service nowhere = service(unusedPort());

    assertEquals(
        "worker-pool-svc at "
            + nowhere.base()
            + " cannot be reached;"
            + " start the suite with './sluice up', or say where it is with --pool URL",
        assertThrows(ServiceFailed.class, nowhere::requireReady).getMessage());
  }

  private Service.Answer insist() throws InterruptedException {
    var patience = new Patience(Duration.ofSeconds(60), Stopwatch.start(clock));
    return service.insist("/submit", Service.json().put("a", 1), 202, patience);
  }

  private void respond(int status, String body, String retryAfter) {
    responses.add(new Response(status, body, retryAfter));
  }

  private Service service(int port) {
    return new Service("worker-pool-svc", "--pool", URI.create("http://127.0.0.1:" + port), client);
  }

  private static int unusedPort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
