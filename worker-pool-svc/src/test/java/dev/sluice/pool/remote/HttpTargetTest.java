package dev.sluice.pool.remote;

import static dev.sluice.pool.remote.Sample.ID;
import static dev.sluice.pool.remote.Sample.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.process.Target.Answer;
import dev.sluice.pool.process.TargetRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against real servers on this machine. */
@NoLeaks
@Timeout(60)
class HttpTargetTest {
  private static final int MAX_RESPONSE = 1_000;

  private final Channel<Received> received = Channel.buffered(1_000);
  private final HttpTarget target = target(true);

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
              server.url("/hook/%C3%A4//b?a=b%26c&d"),
              Map.of("X-Tenant", "acme", "User-Agent", "mine"));
      var job = job(call, Payload.json("{\"n\":1.00,\"s\":\"ü\"}"), 7, Duration.ofMinutes(1));
      assertEquals(new Answer(204, null, null), target.call(job, null));

      Received got = received.receive();
      assertEquals("PUT", got.method());
      assertEquals("/hook/%C3%A4//b?a=b%26c&d", got.uri().toString());
      assertEquals("{\"n\":1.00,\"s\":\"ü\"}", got.body());
      assertEquals("acme", got.header("X-Tenant"));
      assertEquals("mine", got.header("User-Agent"));
      assertEquals("application/json", got.header("Content-Type"));
      assertEquals(ID.toString(), got.header("Idempotency-Key"));
      assertEquals("7", got.header("Sluice-Attempt"));
      assertNull(got.header("webhook-signature"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
  void makesEveryMethodWithoutABodyAndAddsNothing(String method) throws Exception {
    try (var server = answering(200)) {
      assertEquals(200, target.call(job(method, server.url("")), null).status());

      Received got = received.receive();
      assertEquals(method, got.method());
      assertEquals("/", got.uri().toString());
      assertEquals("", got.body());
      assertEquals("sluice-worker-pool", got.header("User-Agent"));
      for (String name :
          List.of("Content-Type", "Upgrade", "Accept-Encoding", "Cookie", "Expect")) {
        assertNull(got.header(name), name);
      }
    }
  }

  @Test
  void sendsBytesAsTheyAre() throws Exception {
    try (var server = answering(200)) {
      var bytes = new Payload(Payload.Form.BYTES, new byte[] {'a', 0, 'b'});
      target.call(job(new Call("POST", server.url("/"), Map.of()), bytes), null);

      Received got = received.receive();
      assertEquals("a\0b", got.body());
      assertEquals("application/octet-stream", got.header("Content-Type"));
    }
  }

  @Test
  void anotherTypeOfContentIsTheCallersChoice() throws Exception {
    try (var server = answering(200)) {
      var headers = Map.of("content-type", "application/cloudevents+json");
      target.call(job(new Call("POST", server.url("/"), headers), Payload.json("{}")), null);

      assertEquals(
          List.of("application/cloudevents+json"),
          received.receive().headers().get("Content-Type"));
    }
  }

  @Test
  void theHeadersOfTheServiceCannotBeGiven() throws Exception {
    try (var server = answering(200)) {
      var forged =
          Map.of(
              "idempotency-key", "x",
              "SLUICE-ATTEMPT", "x",
              "Webhook-Id", "x",
              "Webhook-Signature", "v1,x");
      target.call(job(new Call("POST", server.url("/"), forged), Payload.NONE), "whsec_c2VjcmV0");

      var headers = received.receive().headers();
      assertEquals(List.of(ID.toString()), headers.get("Idempotency-Key"));
      assertEquals(List.of("1"), headers.get("Sluice-Attempt"));
      assertEquals(List.of(ID.toString()), headers.get("webhook-id"));
      assertEquals(1, headers.get("webhook-signature").size());
      assertFalse(headers.getFirst("webhook-signature").equals("v1,x"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"a\":1}"})
  void signsWhatItSends(String body) throws Exception {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);
    try (var server = answering(200)) {
      Payload payload = body.isEmpty() ? Payload.NONE : Payload.json(body);
      target.call(job(new Call("POST", server.url("/"), Map.of()), payload), secret);

      Received got = received.receive();
      var at = Instant.ofEpochSecond(Long.parseLong(got.header("webhook-timestamp")));
      byte[] sent = got.body().getBytes(StandardCharsets.UTF_8);
      assertEquals(
          WebhookSignature.headers(secret, ID.toString(), at, sent).get("webhook-signature"),
          got.header("webhook-signature"));
      assertEquals(ID.toString(), got.header("webhook-id"));
    }
  }

  @Test
  void tellsThatASecretIsNone() {
    assertEquals(
        "the queue's secret is not whsec_ and base64",
        assertThrows(
                TargetRefusedException.class,
                () -> target.call(job("GET", URI.create("http://127.0.0.1:1/")), "whsec_?"))
            .getMessage());
  }

  @Test
  void tellsStatusRetryAfterAndBody() throws Exception {
    try (var server =
        new TargetServer((_, exchange) -> {
          exchange.getResponseHeaders().add("Retry-After", "120");
          answer(exchange, 503, "application/problem+json; charset=utf-8", "{\"a\":[1e400]}");
        })) {
      assertEquals(
          new Answer(503, "120", Payload.json("{\"a\":[1e400]}")),
          target.call(job("POST", server.url("/")), null));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, '{\"a\":1}', JSON",
    "Application/JSON;charset=utf-8, ' [1, 2] ', JSON",
    "application/vnd.x+json, 1, JSON",
    "text/plain, '{\"a\":1}', BYTES",
    ", '{\"a\":1}', BYTES",
    "text/x+json, 1, BYTES",
    "application/json, '{\"a\":', BYTES",
    "application/json, '{} {}', BYTES",
    "application/json, ' ', BYTES",
    "application/json, '{\"a\":1,}', BYTES",
    "application/json, NaN, BYTES",
    "application/json, \u00e4, BYTES",
  })
  void keepsTheBodyAsWhatItIs(String type, String body, Payload.Form form) throws Exception {
    try (var server = new TargetServer((_, exchange) -> answer(exchange, 200, type, body))) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      assertEquals(new Payload(form, bytes), target.call(job("GET", server.url("/")), null).body());
    }
  }

  @Test
  void jsonThatIsNotUtf8OrNestedWithoutEndIsBytes() throws Exception {
    for (byte[] body :
        List.of(
            new byte[] {'"', (byte) 0xE4, '"'},
            "[1]".getBytes(StandardCharsets.UTF_16),
            ("[".repeat(1_001) + "]".repeat(1_001)).getBytes(StandardCharsets.UTF_8))) {
      try (var wide = target(true, 10_000, 0);
          var server =
              new TargetServer((_, exchange) -> answer(exchange, 200, "application/json", body))) {
        assertEquals(
            new Payload(Payload.Form.BYTES, body),
            wide.call(job("GET", server.url("/")), null).body());
      }
    }
  }

  @Test
  void doesNotDecompress() throws Exception {
    try (var server =
        new TargetServer((_, exchange) -> {
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          answer(exchange, 200, "application/json", "not gzip at all");
        })) {
      assertEquals(
          new Payload(Payload.Form.BYTES, "not gzip at all".getBytes(StandardCharsets.UTF_8)),
          target.call(job("GET", server.url("/")), null).body());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {MAX_RESPONSE - 1, MAX_RESPONSE})
  void keepsABodyUpToTheLimitAndTheConnection(int length) throws Exception {
    var ports = Channel.<Integer>buffered(2);
    for (boolean chunked : List.of(true, false)) {
      try (var server =
          new TargetServer((_, exchange) -> {
            ports.trySend(exchange.getRemoteAddress().getPort());
            exchange.sendResponseHeaders(200, chunked ? 0 : length);
            exchange.getResponseBody().write(new byte[length]);
            exchange.close();
          })) {
        assertEquals(
            new Payload(Payload.Form.BYTES, new byte[length]),
            target.call(job("GET", server.url("/")), null).body());
        target.call(job("GET", server.url("/")), null);
        assertEquals(ports.receive(), ports.receive());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsNothingOfALongerBodyAndClosesItsConnection(boolean chunked) throws Exception {
    var stopped = new Reply<String>();
    try (var server =
        new TargetServer((_, exchange) -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, chunked ? 0 : Long.MAX_VALUE);
          try (var body = exchange.getResponseBody()) {
            while (true) {
              body.write(new byte[8_192]); // without end: only a closed connection stops it
            }
          } catch (IOException closed) {
            stopped.complete("closed");
          }
        })) {
      assertEquals(new Answer(200, null, null), target.call(job("GET", server.url("/")), null));
      assertEquals("closed", stopped.await());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nX: %s",
        "HTTP/1.1 200 OK\r\n%s",
        "HTTP/1.1 200 %s",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0%s",
      })
  void aHeadWithoutEndIsAFailure(String head) throws Exception {
    String endless = head.endsWith("\n%s") ? "X: y\r\n".repeat(10_000) : "x".repeat(1_000_000);
    try (var server =
        new RawServer(connection -> {
          RawServer.readHead(connection);
          RawServer.write(connection, head.formatted(endless));
          connection.getInputStream().read(); // until it is closed
        })) {
      String message = failure(server.url("/"));
      assertTrue(message.startsWith("the connection to 127.0.0.1:"), message);
    }
  }

  @Test
  void looksWhetherAConnectionIsStillThereBeforeItUsesItAgain() throws Exception {
    var closed = Channel.<Boolean>buffered(3);
    try (var server =
        new RawServer(connection -> {
          RawServer.readHead(connection);
          RawServer.write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
          connection.close(); // without having said so
          closed.send(true);
        })) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, target.call(job("GET", server.url("/")), null).status());
        closed.receive();
        untilTheNextMillisecond(); // in which the client reckons
      }
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertEquals(
        "cannot connect to 127.0.0.1:" + port + ": Connection refused",
        failure(URI.create("http://127.0.0.1:" + port + "/")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "HTTP/1.1 abc\r\n\r\n",
      })
  void saysThatTheConnectionBrokeOrSpokeSomethingElse(String said) throws Exception {
    try (var server =
        new RawServer(connection -> {
          RawServer.readHead(connection);
          RawServer.write(connection, said);
        })) {
      String message = failure(server.url("/"));
      assertTrue(message.startsWith("the connection to 127.0.0.1:"), message);
    }
  }

  @Test
  void aBodyMayEndWithItsConnection() throws Exception {
    try (var server =
        new RawServer(connection -> {
          RawServer.readHead(connection);
          RawServer.write(connection, "HTTP/1.0 200 OK\r\n\r\nhello");
        })) {
      assertEquals(
          new Payload(Payload.Form.BYTES, "hello".getBytes(StandardCharsets.UTF_8)),
          target.call(job("GET", server.url("/")), null).body());
    }
  }

  @Test
  void saysThatAHostIsUnknown() {
    assertEquals(
        "the host no-such-host.invalid is unknown",
        failure(URI.create("http://no-such-host.invalid/")));
  }

  @Test
  void reachesAServerByItsAddressOfVersion6() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      Thread.startVirtualThread(() -> {
        try (var connection = listener.accept()) {
          RawServer.readHead(connection);
          RawServer.write(connection, "HTTP/1.1 204 No Content\r\n\r\n");
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      });
      URI url = URI.create("http://[::1]:" + listener.getLocalPort() + "/");
      assertEquals(204, target.call(job("GET", url), null).status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://192.168.0.1/",
        "http://2130706433/",
      })
  void refusesAddressesThatAreNotPublicUnlessToldOtherwise(String url) {
    try (var guarded = target(false)) {
      String message =
          assertThrows(
                  TargetRefusedException.class,
                  () -> guarded.call(job("GET", URI.create(url)), null))
              .getMessage();
      assertTrue(message.startsWith("the host "), message);
      assertTrue(message.contains("which is not public"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "jar:http://example.org/x",
        "mailto:a@example.org",
        "/relative",
        "http:///path",
        "http://user@example.org/",
        "http://user:secret@127.0.0.1/",
        "http://a_b.example.org/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
      })
  void refusesWhatCannotBeCalled(String url) {
    String message =
        assertThrows(
                TargetRefusedException.class, () -> target.call(job("GET", URI.create(url)), null))
            .getMessage();
    assertTrue(message.startsWith("the target "), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void makesManyCallsAtOnce() throws Exception {
    try (var server = answering(200);
        var scope = Scope.open("test")) {
      for (int i = 0; i < 200; i++) {
        scope.start(
            "call-" + i,
            () -> assertEquals(200, target.call(job("POST", server.url("/")), null).status()));
      }
      scope.join();
    }
    assertEquals(200, received.stats().sent());
  }

  @Test
  void aClosedOneMakesNoCallsAndDoesNotBlameTheJob() throws Exception {
    try (var server = answering(200)) {
      target.call(job("GET", server.url("/")), null);
      target.close();
      assertThrows(IOException.class, () -> target.call(job("GET", server.url("/")), null));
      assertEquals(1, received.stats().sent());
    }
  }

  private static void untilTheNextMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() <= now + 1) {
      Thread.onSpinWait();
    }
  }

  private TargetServer answering(int status) {
    return new TargetServer((got, exchange) -> {
      received.trySend(got);
      TargetServer.answer(exchange, status);
    });
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    answer(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    if (type != null) {
      exchange.getResponseHeaders().add("Content-Type", type);
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String failure(URI url) {
    String message =
        assertThrows(IOException.class, () -> target.call(job("POST", url), null)).getMessage();
    assertNotNull(message);
    return message;
  }

  private static HttpTarget target(boolean allowPrivate) {
    return target(allowPrivate, MAX_RESPONSE, 0);
  }

  private static HttpTarget target(boolean allowPrivate, int maxResponse, int maxRedirects) {
    return new HttpTarget(
        new HttpTarget.Settings(allowPrivate, maxResponse, maxRedirects, 16), Clock.system());
  }
}
