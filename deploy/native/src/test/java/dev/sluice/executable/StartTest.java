package dev.sluice.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class StartTest {
  private static final String BODY = "{\"key\":\"é\"}";

  @Test
  void asksUntilItIsAnsweredWithSuccess() throws Exception {
    BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/submit",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(bodies.size() < 3 ? 503 : 202, -1);
          exchange.close();
        });
    server.start();
    Process alive = cat();
    try {
      long before = System.nanoTime();
      long answered = new Start(alive, url(server), BODY).answered();
      assertTrue(answered > before);
      assertEquals(List.of(BODY, BODY, BODY), List.copyOf(bodies));
    } finally {
      alive.destroy();
      server.stop(0);
    }
  }

  @Test
  void saysWhatItGotWhenTheProcessHasEnded() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start(); // nothing is there: 404
    Process ended = cat();
    ended.destroy();
    ended.waitFor();
    try {
      var failure =
          assertThrows(IOException.class, () -> new Start(ended, url(server), BODY).answered());
      assertTrue(failure.getMessage().contains("404"), failure.getMessage());
    } finally {
      server.stop(0);
    }
  }

  /** A process that stays until it is told to end. */
  private static Process cat() throws IOException {
    return new ProcessBuilder("cat").start();
  }

  private static URI url(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/submit");
  }
}
