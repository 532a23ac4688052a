package dev.sluice.pool.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Process;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import dev.sluice.pool.process.Target.Answer;
import dev.sluice.pool.store.Call;
import dev.sluice.pool.store.Job;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server on this machine. */
@NoLeaks
@Timeout(60)
class HttpTargetTest {
  private static final UUID ID = UUID.fromString("019b7608-0000-7000-8000-000000000001");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Channel<Received> received = Channel.buffered(1_000);
  private final HttpTarget target = new HttpTarget(true, 1_000);

  @AfterEach
  void close() {
    target.close();
  }

  @Test
  void carriesTheMethodTheUrlTheHeadersTheBodyTheIdAndTheAttempt() throws Exception {
    try (var server = answering(204)) {
      var call =
          new Call(
              "PUT",
              server.url("/hook/%C3%A4?a=b%26c"),
              Map.of("X-Tenant", "acme", "User-Agent", "mine"),
              "{\"n\":1.00,\"s\":\"ü\"}");
      assertEquals(new Answer(204, null), target.call(job(call), 7));

      Received got = received.receive();
      assertEquals("PUT", got.method());
      assertEquals("/hook/%C3%A4?a=b%26c", got.uri().toString());
      assertEquals("{\"n\":1.00,\"s\":\"ü\"}", got.body());
      assertEquals("acme", got.header("X-Tenant"));
      assertEquals("mine", got.header("User-Agent"));
      assertEquals("application/json", got.header("Content-Type"));
      assertEquals(ID.toString(), got.header("Idempotency-Key"));
      assertEquals("7", got.header("Sluice-Attempt"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
  void makesEveryMethodWithoutABody(String method) throws Exception {
    try (var server = answering(200)) {
      assertEquals(200, target.call(job(method, server.url("/")), 1).status());

      Received got = received.receive();
      assertEquals(method, got.method());
      assertEquals("", got.body());
      assertNull(got.header("Content-Type"));
      assertEquals("sluice-worker-pool", got.header("User-Agent"));
      assertNull(got.header("Upgrade"), "no attempt at another protocol in clear text");
    }
  }

  @Test
  void anotherTypeOfContentIsTheCallersChoice() throws Exception {
    try (var server = answering(200)) {
      var call =
          new Call(
              "POST",
              server.url("/"),
              Map.of("content-type", "application/cloudevents+json"),
              "{}");
      target.call(job(call), 1);

      assertEquals(
          List.of("application/cloudevents+json"),
          received.receive().headers().get("Content-Type"));
    }
  }

  @Test
  void tellsStatusAndRetryAfter() throws Exception {
    try (var server =
        new TargetServer((_, exchange) -> {
          exchange.getResponseHeaders().add("Retry-After", "120");
          TargetServer.answer(exchange, 503);
        })) {
      assertEquals(new Answer(503, "120"), target.call(job("POST", server.url("/")), 1));
    }
  }

  @Test
  void doesNotFollowRedirects() throws Exception {
    try (var server =
        new TargetServer((got, exchange) -> {
          received.trySend(got);
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          TargetServer.answer(exchange, 302);
        })) {
      assertEquals(new Answer(302, null), target.call(job("GET", server.url("/")), 1));
      assertEquals("/", received.receive().uri().toString());
      assertNull(received.tryReceive());
    }
  }

  @Test
  void readsNoMoreOfAnAnswerThanTheLimit() throws Exception {
    var stopped = new Reply<String>();
    try (var server =
        new TargetServer((_, exchange) -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            while (true) {
              body.write(new byte[8_192]); // without end: only a closed connection stops it
            }
          } catch (IOException closed) {
            stopped.complete("closed");
          }
        })) {
      assertEquals(new Answer(200, null), target.call(job("GET", server.url("/")), 1));
      assertEquals("closed", stopped.await());
    }
  }

  @Test
  void usesAConnectionAgainAfterAShortAnswer() throws Exception {
    try (var server =
        new TargetServer((got, exchange) -> {
          received.trySend(
              new Received(
                  got.method(),
                  URI.create("/" + exchange.getRemoteAddress().getPort()),
                  got.headers(),
                  got.body()));
          byte[] body = "x".repeat(1_000).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        })) {
      target.call(job("GET", server.url("/")), 1);
      target.call(job("GET", server.url("/")), 2);

      assertEquals(received.receive().uri(), received.receive().uri());
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    String message = failure("http://127.0.0.1:" + port + "/");
    assertTrue(message.startsWith("cannot connect to 127.0.0.1:" + port), message);
  }

  @Test
  void saysThatTheConnectionBroke() throws Exception {
    try (var server = new TargetServer((_, exchange) -> exchange.close())) {
      String message = failure(server.url("/").toString());
      assertTrue(message.startsWith("the connection to 127.0.0.1:"), message);
    }
  }

  @Test
  void saysThatAHostIsUnknown() {
    assertEquals(
        "the host no-such-host.invalid is unknown", failure("http://no-such-host.invalid/"));
  }

  @Test
  void saysThatThereWasNoAnswerInTime() throws Exception {
    var release = Channel.<Void>rendezvous();
    try (var server = new TargetServer((_, exchange) -> hold(release, exchange))) {
      var call = new Call("GET", server.url("/"), Map.of(), null);
      Job job = new Job(ID, call, 1, Duration.ofMillis(50), Duration.ZERO, Instant.EPOCH);

      assertEquals(
          "no answer within 50ms",
          assertThrows(IOException.class, () -> target.call(job, 1)).getMessage());
      release.close();
    }
  }

  @Test
  void anInterruptBreaksTheCallOff() throws Exception {
    var release = Channel.<Void>rendezvous();
    try (var server =
            new TargetServer((got, exchange) -> {
              received.trySend(got);
              hold(release, exchange);
            });
        var scope = Scope.open("test")) {
      var ended = new Reply<String>();
      Process call =
          scope.start(
              "call",
              () -> {
                try {
                  target.call(job("GET", server.url("/")), 1);
                } catch (InterruptedException expected) {
                  ended.complete("interrupted");
                }
              });
      received.receive();
      call.cancel();
      assertEquals("interrupted", ended.await());
      scope.join();
      release.close();
    }
  }

  @Test
  void anInterruptBreaksOffTheReadingOfABodyThatDoesNotEnd() throws Exception {
    var release = Channel.<Void>rendezvous();
    try (var server =
            new TargetServer((got, exchange) -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write('x');
              exchange.getResponseBody().flush();
              received.trySend(got);
              hold(release, exchange);
            });
        var scope = Scope.open("test")) {
      Process call = scope.start("call", () -> target.call(job("GET", server.url("/")), 1));
      received.receive();
      call.cancel();
      scope.join();
      release.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/",
        "http://2130706433/"
      })
  void refusesAddressesThatAreNotPublicUnlessToldOtherwise(String url) {
    try (var guarded = new HttpTarget(false, 1_000)) {
      String message =
          assertThrows(
                  TargetRefusedException.class, () -> guarded.call(job("GET", URI.create(url)), 1))
              .getMessage();
      assertTrue(message.startsWith("the host " + URI.create(url).getHost()), message);
      assertTrue(message.contains("which is not public"), message);
    }
  }

  @Test
  void makesManyCallsAtOnce() throws Exception {
    try (var server = answering(200);
        var scope = Scope.open("test")) {
      for (int i = 0; i < 200; i++) {
        scope.start(
            "call-" + i,
            () -> assertEquals(200, target.call(job("POST", server.url("/")), 1).status()));
      }
      scope.join();
    }
    assertEquals(200, received.stats().sent());
  }

  private TargetServer answering(int status) {
    return new TargetServer((got, exchange) -> {
      received.trySend(got);
      TargetServer.answer(exchange, status);
    });
  }

  /** Does not answer before it is let go. */
  private static void hold(Channel<Void> release, HttpExchange exchange) {
    try {
      release.receiveOrNull();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private String failure(String url) {
    return assertThrows(IOException.class, () -> target.call(job("POST", URI.create(url)), 1))
        .getMessage();
  }

  private static Job job(String method, URI url) {
    return job(new Call(method, url, Map.of(), null));
  }

  private static Job job(Call call) {
    return new Job(ID, call, 1, LONG, Duration.ZERO, Instant.EPOCH);
  }
}
