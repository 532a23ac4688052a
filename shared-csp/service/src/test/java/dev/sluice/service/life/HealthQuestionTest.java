package dev.sluice.service.life;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthQuestionTest {

  @ParameterizedTest
  @CsvSource({"200, 0", "503, 1", "404, 1"})
  void theStatusIsTheAnswer(int status, int code) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/q/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      assertEquals(code, HealthQuestion.ask(String.valueOf(server.getAddress().getPort())));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void nobodyAnswers() throws IOException {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertEquals(1, HealthQuestion.ask(String.valueOf(port)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http", "-1", "123456"})
  void noPort(String port) {
    assertEquals(2, HealthQuestion.ask(port));
  }
}
