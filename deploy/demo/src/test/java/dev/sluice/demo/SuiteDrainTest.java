package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM in the middle of load: every request that was taken is answered, every job is done. */
@Timeout(300)
class SuiteDrainTest {
  private static final int CALLERS = 16;
  private static final int BEFORE_SIGTERM = 2_000;

  private final JsonMapper json = new JsonMapper();

  @TempDir Path folder;

  @Test
  void theLimiterAnswersAllItHasTaken() throws Exception {
    assertDrains(
        LocalSuite.Service.LIMITER,
        "/acquire",
        "{\"key\":\"k%d\",\"limit\":{\"rate\":1000,\"per\":\"1s\"}}",
        Set.of(200, 429, 503));
  }

  @Test
  void theLimiterGoesOnCountingWhereItWasWhenItEnded() throws Exception {
    String bucket = "{\"key\":\"one\",\"limit\":{\"rate\":1,\"per\":\"1h\",\"burst\":100000}}";
    try (var suite = LocalSuite.start(folder, LocalSuite.Service.LIMITER)) {
      List<Answer> answers = loadUntilGone(suite, LocalSuite.Service.LIMITER, "/acquire", bucket);
      assertEquals(0, exitOf(suite, LocalSuite.Service.LIMITER));
      long granted = answers.stream().filter(answer -> answer.status == 200).count();

      suite.restart(LocalSuite.Service.LIMITER);

      try (var client = HttpClient.newHttpClient()) {
        String left =
            client
                .send(
                    HttpRequest.newBuilder(suite.uri(LocalSuite.Service.LIMITER).resolve("/peek"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(bucket))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
        assertEquals(100_000 - granted, json.readTree(left).get("remaining").longValue(), left);
      }
    }
  }

  @Test
  void theDeduplicatorAnswersAllItHasTaken() throws Exception {
    assertDrains(
        LocalSuite.Service.DEDUP, "/dedup", "{\"key\":\"k%d\",\"ttl\":\"1m\"}", Set.of(200, 503));
  }

  @Test
  void theMeshAnswersAllItHasTaken() throws Exception {
    assertDrains(
        LocalSuite.Service.MESH,
        "/requests",
        "{\"key\":\"k%d\",\"op\":\"count\"}",
        Set.of(200, 503));
  }

  @Test
  void thePoolRunsEveryJobItHasAccepted() throws Exception {
    try (var target = new CountingTarget();
        var suite = LocalSuite.start(folder, LocalSuite.Service.POOL)) {
      String body = "{\"target\":{\"url\":\"" + target.uri() + "\",\"body\":%d},\"wait\":\"1s\"}";
      List<Answer> answers = loadUntilGone(suite, LocalSuite.Service.POOL, "/submit", body);
      assertEquals(0, exitOf(suite, LocalSuite.Service.POOL));

      Set<String> accepted = new HashSet<>();
      for (Answer answer : answers) {
        assertTrue(Set.of(202, 429, 503).contains(answer.status), answer.toString());
        if (answer.status == 202) {
          accepted.add(json.readTree(answer.body).get("id").textValue());
        }
      }
      assertFalse(accepted.isEmpty());
      Set<String> missing = new HashSet<>(accepted);
      missing.removeAll(target.keys());
      if (!missing.isEmpty()) { // what was not finished in time was kept
        suite.restart(LocalSuite.Service.POOL);
        suite.terminate(LocalSuite.Service.POOL);
        assertEquals(0, exitOf(suite, LocalSuite.Service.POOL));
        missing.removeAll(target.keys());
      }
      assertEquals(Set.of(), missing, () -> "accepted, never run");
    }
  }

  private void assertDrains(
      LocalSuite.Service service, String path, String body, Set<Integer> allowed) throws Exception {
    try (var suite = LocalSuite.start(folder, service)) {
      List<Answer> answers = loadUntilGone(suite, service, path, body);

      assertEquals(0, exitOf(suite, service));
      for (Answer answer : answers) {
        assertTrue(allowed.contains(answer.status), answer.toString());
        assertEquals(answer.status >= 400, answer.problem, answer.toString());
      }
    }
  }

  private static int exitOf(LocalSuite suite, LocalSuite.Service service)
      throws InterruptedException {
    return suite.process(service).waitFor();
  }

  /** What a caller got: a status and a body, or no answer because the connection had gone. */
  private record Answer(int status, boolean problem, String body) {
    static final Answer NONE = new Answer(0, false, "");
  }

  /**
   * Callers send one request after another until the service refuses them; SIGTERM comes in the
   * middle. A caller may meet a connection that closes under its last request: that request was not
   * taken. Any sooner, and the service has lost it.
   */
  private static List<Answer> loadUntilGone(
      LocalSuite suite, LocalSuite.Service service, String path, String body) throws Exception {
    URI uri = suite.uri(service).resolve(path);
    List<Answer> answers = new ArrayList<>();
    int unanswered = 0;
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var scope = Scope.open("load")) {
      Channel<Answer> results = scope.channel("results", 64);
      scope.start("load", () -> runCallers(scope, client, uri, body, results));
      for (Answer answer : results) {
        if (answer == Answer.NONE) {
          assertTrue(answers.size() >= BEFORE_SIGTERM, "no answer before SIGTERM");
          unanswered++;
        } else {
          answers.add(answer);
        }
        if (answers.size() == BEFORE_SIGTERM) {
          suite.terminate(service);
        }
      }
      scope.join();
    }
    assertTrue(answers.size() >= BEFORE_SIGTERM, "only " + answers.size() + " answers");
    assertTrue(unanswered <= CALLERS, unanswered + " requests without an answer");
    return answers;
  }

  private static void runCallers(
      Scope scope, HttpClient client, URI uri, String body, Channel<Answer> results)
      throws InterruptedException {
    try (var callers = scope.child("callers")) {
      for (int caller = 0; caller < CALLERS; caller++) {
        int first = caller;
        callers.start("caller-" + caller, () -> call(client, uri, body, first, results));
      }
      callers.join();
    } finally {
      results.close();
    }
  }

  private static void call(
      HttpClient client, URI uri, String body, int first, Channel<Answer> results)
      throws InterruptedException {
    for (int i = first; ; i += CALLERS) {
      var request =
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body.formatted(i)))
              .build();
      try {
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        boolean problem =
            response
                .headers()
                .firstValue("Content-Type")
                .orElse("")
                .startsWith("application/problem+json");
        results.send(new Answer(response.statusCode(), problem, response.body()));
        if (response.statusCode() == 503) {
          return;
        }
      } catch (IOException gone) {
        results.send(Answer.NONE);
        return;
      }
    }
  }

  /** Remembers the idempotency key of every call. */
  private static final class CountingTarget implements AutoCloseable {
    private sealed interface Message {
      record Called(String key) implements Message {}

      record Ask(Reply<Set<String>> reply) implements Message {}
    }

    private final HttpServer server;
    private final Scope scope = Scope.open("target");
    private final Channel<Message> inbox = scope.channel("inbox", 64);

    CountingTarget() throws IOException {
      scope.start("count", this::count);
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 256);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/hook", this::called);
      server.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    Set<String> keys() throws InterruptedException {
      var reply = new Reply<Set<String>>();
      inbox.send(new Message.Ask(reply));
      return reply.await();
    }

    private void called(HttpExchange exchange) throws IOException {
      try (exchange) {
        exchange.getRequestBody().readAllBytes();
        inbox.send(new Message.Called(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
        exchange.sendResponseHeaders(204, -1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void count() {
      Set<String> keys = new HashSet<>();
      for (Message message : inbox) {
        switch (message) {
          case Message.Called(String key) -> keys.add(key);
          case Message.Ask(Reply<Set<String>> reply) -> reply.complete(Set.copyOf(keys));
        }
      }
    }

    @Override
    public void close() {
      server.stop(0);
      scope.close();
    }
  }
}
