package dev.sluice.pool.remote;

import static dev.sluice.pool.remote.Sample.ID;
import static dev.sluice.pool.remote.Sample.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.TargetServer.Received;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import dev.sluice.pool.process.Target.Answer;
import dev.sluice.pool.process.TargetRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against a real server on this machine, which has several names: {@code a.test} and {@code b.test}
 * are 127.0.0.1, and allowed; {@code private.test} is 127.0.0.2, and is not.
 */
@NoLeaks
@Timeout(60)
class HttpTargetRedirectTest {
  private static final String SECRET = "whsec_c2VjcmV0";

  private final Channel<Received> received = Channel.buffered(100);
  private final HttpTarget target = target(3);
  private int status = 307;
  private String location = "/there";

  private final TargetServer server =
      new TargetServer((got, exchange) -> {
        received.trySend(got);
        String path = got.uri().getPath();
        if (path.startsWith("/here")) {
          exchange.getResponseHeaders().add("Location", location);
        }
        TargetServer.answer(exchange, path.startsWith("/here") ? status : 200);
      });

  @AfterEach
  void close() {
    target.close();
    server.close();
  }

  @Test
  void isNotFollowedUnlessToldSo() throws Exception {
    try (var strict = target(0)) {
      assertEquals(new Answer(307, null, null), strict.call(post(), SECRET));
      assertEquals("/here", received.receive().uri().toString());
      assertNull(received.tryReceive());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void keepsMethodBodyAndHeadersWithinAnOrigin(int code) throws Exception {
    status = code;
    assertEquals(200, target.call(post(), SECRET).status());

    Received first = received.receive();
    Received second = received.receive();
    assertEquals("/there", second.uri().toString());
    assertEquals("POST", second.method());
    assertEquals("{\"n\":1}", second.body());
    for (String name :
        new String[] {
          "Authorization",
          "Cookie",
          "X-Api-Key",
          "Content-Type",
          "Idempotency-Key",
          "Sluice-Attempt",
          "webhook-id",
          "webhook-signature"
        }) {
      assertEquals(first.header(name), second.header(name), name);
      assertTrue(second.header(name) != null, name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://b.test:%d/there", "//b.test:%d/there", "http://127.0.0.1:%d/there"})
  void takesNoSecretsToAnotherOrigin(String elsewhere) throws Exception {
    location = elsewhere.formatted(port());
    assertEquals(200, target.call(post(), SECRET).status());

    received.receive();
    Received second = received.receive();
    assertEquals("{\"n\":1}", second.body());
    assertEquals("application/json", second.header("Content-Type"));
    assertEquals(ID.toString(), second.header("Idempotency-Key"));
    for (String name :
        new String[] {
          "Authorization",
          "Cookie",
          "X-Api-Key",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature"
        }) {
      assertNull(second.header(name), name);
    }
  }

  @Test
  void anotherPortIsAnotherOrigin() throws Exception {
    try (var other =
        new TargetServer((got, exchange) -> {
          received.trySend(got);
          TargetServer.answer(exchange, 204);
        })) {
      location = "http://a.test:" + other.url("/").getPort() + "/there";
      assertEquals(204, target.call(post(), SECRET).status());

      received.receive();
      assertNull(received.receive().header("Authorization"));
    }
  }

  @ParameterizedTest
  @CsvSource({"POST, GET", "PUT, GET", "GET, GET", "HEAD, HEAD"})
  void seesTheOtherOf303WithoutABody(String method, String then) throws Exception {
    status = 303;
    Payload payload = method.equals("POST") ? Payload.json("{}") : Payload.NONE;
    assertEquals(200, target.call(job(call(method, "/here"), payload), SECRET).status());

    received.receive();
    Received second = received.receive();
    assertEquals(then, second.method());
    assertEquals("", second.body());
    assertNull(second.header("Content-Type"));
    assertEquals("Bearer x", second.header("Authorization"));
    if (!method.equals(then)) {
      assertNull(second.header("webhook-signature"), "what was signed is not what is sent");
    }
  }

  @ParameterizedTest
  @CsvSource({"301, GET", "302, GET", "301, HEAD", "302, HEAD"})
  void whatHasMovedIsReadThere(int code, String method) throws Exception {
    status = code;
    assertEquals(200, target.call(job(call(method, "/here"), Payload.NONE), null).status());
    assertEquals("/here", received.receive().uri().toString());
    assertEquals(method, received.receive().method());
  }

  @ParameterizedTest
  @CsvSource({"301, POST", "302, POST", "301, PUT", "302, DELETE"})
  void whatHasMovedIsNotWrittenThere(int code, String method) throws Exception {
    status = code;
    assertEquals(code, target.call(job(call(method, "/here"), Payload.NONE), null).status());
    received.receive();
    assertNull(received.tryReceive());
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 305, 306, 201})
  void whatIsNoRedirectIsAnAnswer(int code) throws Exception {
    status = code;
    assertEquals(code, target.call(job(call("GET", "/here"), Payload.NONE), null).status());
  }

  @Test
  void endsAfterSoMany() {
    location = "/here?again";
    assertEquals("the target redirects more than 3 times", refusal());
    assertEquals(4, received.stats().sent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://private.test:%d/there", "http://127.0.0.2:%d/there"})
  void isCheckedLikeTheFirst(String elsewhere) {
    location = elsewhere.formatted(port());
    assertTrue(refusal().contains("has the address 127.0.0.2, which is not public"));
    assertEquals(1, received.stats().sent());
  }

  @ParameterizedTest
  @CsvSource({
    "file:///etc/passwd, has neither http nor https",
    "gopher://a.test/, has neither http nor https",
    "javascript:alert(1), has neither http nor https",
    "http:///there, has no host",
    "http://user:secret@a.test/, has a user name or password",
    "http://a.test:99999/, has a port that is not 1 to 65535",
    "http://a_b.test/, has no host",
    "'http://a b/', to what is not a URL",
    "'http://[', to what is not a URL",
  })
  void leadsOnlyWhereACallMayGo(String elsewhere, String why) {
    location = elsewhere;
    String message = refusal();
    assertTrue(message.contains(why), message);
    assertFalse(message.contains("secret"), message);
    assertEquals(1, received.stats().sent());
  }

  @Test
  void aNameThatGetsAnotherAddressGainsNothing() throws Exception {
    var lookups = Channel.<String>buffered(10);
    HostLookup.Names rebinding =
        host -> {
          lookups.trySend(host);
          return address(host, lookups.stats().sent() == 1 ? 1 : 2);
        };
    try (var guarded = target(3, rebinding)) {
      status = 307;
      location = "http://rebind.test:" + port() + "/there";
      LeasedJob job =
          job(new Call("GET", server.url("/there").resolve(location), Map.of()), Payload.NONE);
      assertEquals(200, guarded.call(job, null).status());
      assertEquals(1, lookups.stats().sent(), "the address that was checked is connected to");
      assertEquals(1, received.stats().sent());
    }
    try (var guarded = target(3, rebinding)) { // and so has no connection yet
      LeasedJob job = job("GET", URI.create("http://rebind.test:" + port() + "/there"));
      assertThrows(TargetRefusedException.class, () -> guarded.call(job, null));
      assertEquals(1, received.stats().sent());
    }
  }

  @Test
  void takesNoLongerThanTheTimeoutAllTogether() {
    location = "http://slow.test:" + port() + "/there";
    LeasedJob job = job(call("GET", "/here"), Payload.NONE, 1, Duration.ofMillis(200));
    assertEquals(
        "no answer within 200ms",
        assertThrows(IOException.class, () -> target.call(job, null)).getMessage());
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(TargetRefusedException.class, () -> target.call(post(), SECRET)).getMessage());
  }

  private LeasedJob post() {
    return job(call("POST", "/here"), Payload.json("{\"n\":1}"));
  }

  private Call call(String method, String path) {
    return new Call(
        method,
        URI.create("http://a.test:" + port() + path),
        Map.of("Authorization", "Bearer x", "Cookie", "s=x", "X-Api-Key", "x"));
  }

  private int port() {
    return server.url("/").getPort();
  }

  private static HttpTarget target(int maxRedirects) {
    return target(
        maxRedirects,
        host ->
            switch (host) {
              case "a.test", "b.test", "127.0.0.1" -> address(host, 1);
              case "slow.test" -> hang(host);
              default -> address(host, 2);
            });
  }

  private static HttpTarget target(int maxRedirects, HostLookup.Names names) {
    return new HttpTarget(
        new HttpTarget.Settings(false, 1_000, maxRedirects, 4),
        Clock.system(),
        address -> address.getHostAddress().equals("127.0.0.1"),
        names,
        SSLContexts.createDefault());
  }

  private static InetAddress[] address(String host, int last) throws UnknownHostException {
    return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, (byte) last})};
  }

  private static InetAddress[] hang(String host) throws UnknownHostException {
    try {
      return Channel.<InetAddress[]>rendezvous().receive();
    } catch (InterruptedException stopped) {
      throw new UnknownHostException(host);
    }
  }
}
