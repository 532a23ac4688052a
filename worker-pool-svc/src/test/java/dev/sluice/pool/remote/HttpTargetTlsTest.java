package dev.sluice.pool.remote;

import static dev.sluice.pool.remote.Sample.job;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Clock;
import dev.sluice.pool.TargetServer;
import dev.sluice.pool.process.TargetRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server with a certificate for {@code tls.test}, made just now. */
@Timeout(60)
class HttpTargetTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;
  private final Channel<String> received = Channel.buffered(10);
  private SSLContext own;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    Path store = folder.resolve("tls.p12");
    makeCertificate(store);
    own =
        SSLContexts.custom()
            .loadKeyMaterial(store, PASSWORD, PASSWORD)
            .loadTrustMaterial(store, PASSWORD)
            .build();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(own));
    server.createContext(
        "/",
        exchange -> {
          received.trySend(exchange.getRequestURI().getPath());
          exchange.getResponseHeaders().add("Location", "http://tls.test/plain");
          TargetServer.answer(exchange, exchange.getRequestURI().getPath().equals("/") ? 204 : 307);
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void callsAHostWhoseCertificateIsTrusted() throws Exception {
    try (var target = target(own)) {
      assertEquals(204, target.call(job("GET", url("tls.test", "/")), null).status());
    }
  }

  @Test
  void callsNoHostWhoseCertificateIsNotTrusted() {
    try (var target = target(SSLContexts.createDefault())) {
      assertFails(target, url("tls.test", "/"));
    }
  }

  @Test
  void callsNoHostThatTheCertificateDoesNotName() {
    try (var target = target(own)) {
      assertFails(target, url("other.test", "/"));
    }
  }

  @Test
  void isNotLedOutOfHttps() {
    try (var target = target(own)) {
      assertEquals(
          "the redirect to http://tls.test leads out of https",
          assertThrows(
                  TargetRefusedException.class,
                  () -> target.call(job("GET", url("tls.test", "/away")), null))
              .getMessage());
    }
  }

  private void assertFails(HttpTarget target, URI url) {
    String message =
        assertThrows(IOException.class, () -> target.call(job("GET", url), null)).getMessage();
    assertTrue(
        String.valueOf(message).startsWith("the connection to " + url.getAuthority()), message);
    assertNull(received.tryReceive());
  }

  private URI url(String host, String path) {
    return URI.create("https://" + host + ":" + server.getAddress().getPort() + path);
  }

  private static HttpTarget target(SSLContext tls) {
    return new HttpTarget(
        new HttpTarget.Settings(true, 1_000, 1, 4),
        Clock.system(),
        _ -> true,
        _ -> new InetAddress[] {InetAddress.getLoopbackAddress()},
        tls);
  }

  private static void makeCertificate(Path store) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "tls",
                "-keyalg",
                "EC",
                "-dname",
                "CN=tls.test",
                "-ext",
                "SAN=dns:tls.test",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor());
  }
}
