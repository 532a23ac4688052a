package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand connections that are open at once: each gets its answer, and the service stays well.
 */
@Timeout(300)
class SuiteConnectionsTest {
  private static final int CONNECTIONS = 10_000;
  private static final int OPENERS = 64;

  @TempDir Path folder;

  @Test
  void tenThousandConnectionsAtOnceAreAllAnswered() throws Exception {
    try (var suite = LocalSuite.start(folder, LocalSuite.Service.LIMITER);
        var scope = Scope.open("connections")) {
      URI uri = suite.uri(LocalSuite.Service.LIMITER);
      Channel<Socket> open = scope.channel("open", CONNECTIONS);
      Channel<Integer> places = scope.channel("places", CONNECTIONS);
      for (int i = 0; i < CONNECTIONS; i++) {
        places.send(i);
      }
      places.close();
      try (var openers = scope.child("openers")) {
        for (int i = 0; i < OPENERS; i++) {
          openers.start("opener-" + i, () -> connect(places, uri, open));
        }
        openers.join();
      }
      assertEquals(CONNECTIONS, open.stats().depth());
      open.close();

      Channel<Integer> statuses = scope.channel("statuses", CONNECTIONS);
      try (var askers = scope.child("askers")) {
        for (int i = 0; i < OPENERS; i++) {
          askers.start("asker-" + i, () -> ask(open, statuses));
        }
        askers.join();
      }
      statuses.close();
      Map<Integer, Integer> counts = new HashMap<>();
      for (int status : statuses) {
        counts.merge(status, 1, Integer::sum);
      }
      assertEquals(Map.of(200, CONNECTIONS), counts);
    }
  }

  private static void connect(Channel<Integer> places, URI uri, Channel<Socket> open)
      throws IOException, InterruptedException {
    for (int place : places) {
      var socket = new Socket();
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
      open.send(socket);
    }
  }

  /** All connections are open when the first one asks. */
  private static void ask(Channel<Socket> open, Channel<Integer> statuses)
      throws IOException, InterruptedException {
    byte[] body =
        "{\"key\":\"crowd\",\"limit\":{\"rate\":1000000,\"per\":\"1s\"}}"
            .getBytes(StandardCharsets.US_ASCII);
    byte[] head =
        ("POST /acquire HTTP/1.1\r\nHost: sluice\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    for (Socket socket : open) {
      try (socket) {
        socket.getOutputStream().write(head);
        socket.getOutputStream().write(body);
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        statuses.send(Integer.parseInt(answer.split(" ", 3)[1]));
      }
    }
  }
}
