package dev.sluice.market.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.market.model.Probe;
import dev.sluice.market.stage.LineParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class TcpLinesTest {
  private static final String HOST = "127.0.0.1";

  private static TcpLines listen() throws IOException {
    return new TcpLines("tcp", HOST, 0);
  }

  private static Socket connect(TcpLines tcp) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), tcp.port());
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads until the other side ends the connection, in whichever way. */
  private static String readAll(Socket from) {
    try {
      return new String(from.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException reset) {
      return "";
    }
  }

  @Test
  void aLineEndsWithLfOrCrlfOrTheConnection() throws Exception {
    try (var tcp = listen();
        var rig = Rig.of(tcp)) {
      try (var client = connect(tcp)) {
        write(client, "A,1\nA,2\r\n\nA,3\r\r\n");
        assertEquals(List.of("A,1", "A,2", "", "A,3\r"), rig.lines(4));
        write(client, "A,");
        client.getOutputStream().flush();
        write(client, "4\nA,5");
      }
      assertEquals(List.of("A,4", "A,5"), rig.lines(2));
      rig.stopAndJoin();
    }
  }

  @Test
  void aLongLineIsOneThatTheParserRefuses() throws Exception {
    try (var tcp = listen();
        var rig = Rig.of(tcp);
        var client = connect(tcp)) {
      String longest = "x".repeat(LineParser.MAX_LINE);
      for (String line :
          List.of(longest, longest + "\r", longest + "y", longest + "y\r", longest + "\ry")) {
        write(client, line + "\n");
      }
      write(client, longest.repeat(100) + "\nA,1\n");
      assertEquals(
          List.of(
              longest, longest, longest + "y", longest + "y", longest + "\r", longest + "x", "A,1"),
          rig.lines(7));
      rig.stopAndJoin();
    }
  }

  @Test
  void oneConnectionTooManyIsToldSo() throws Exception {
    try (var tcp = listen();
        var rig = Rig.of(tcp)) {
      var clients = new ArrayList<Socket>();
      for (int i = 0; i < TcpLines.MAX_CONNECTIONS; i++) {
        clients.add(connect(tcp));
      }
      try (var refused = connect(tcp)) {
        assertEquals("too many connections\n", readAll(refused));
      }
      write(clients.getLast(), "LAST,1\n");
      assertEquals("LAST,1", rig.line());
      clients.removeFirst().close();
      Socket next = connect(tcp);
      while (next.getInputStream().available() > 0 || !accepted(next, rig)) {
        next.close(); // the end of the first was not seen yet
        next = connect(tcp);
      }
      clients.add(next);
      rig.stop.close();
      assertNull(rig.line());
      for (Socket client : clients) {
        assertEquals("", readAll(client));
        client.close();
      }
      rig.scope.join();
    }
  }

  /** Whether its line comes, and not a refusal. */
  private static boolean accepted(Socket client, Rig rig) throws Exception {
    try {
      write(client, "NEXT,1\n");
      while (client.getInputStream().available() == 0) {
        if (rig.out.stats().depth() > 0) {
          assertEquals("NEXT,1", rig.line());
          return true;
        }
        Thread.onSpinWait();
      }
    } catch (IOException refused) {
      // closed already
    }
    return false;
  }

  @Test
  void doesNotReadWhatThePipelineHasNoRoomFor() throws Exception {
    try (var tcp = listen();
        var rig = new Rig(tcp, Duration.ofMillis(10), 1).start();
        var client =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.port()))) {
      client.configureBlocking(false);
      byte[] text = new byte[1 << 16];
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) (i % 64 == 63 ? '\n' : 'x');
      }
      var bytes = ByteBuffer.wrap(text);
      long written = 0;
      for (int many = client.write(bytes); many > 0; many = client.write(bytes)) {
        written += many;
        assertTrue(written < 256L << 20, "it reads without end");
        if (!bytes.hasRemaining()) {
          bytes.rewind();
        }
      }
      client.shutdownOutput();
      long taken = 0;
      for (; taken + 64 <= written; taken += 64) {
        assertEquals(63, String.valueOf(rig.line()).length());
      }
      if (taken < written) {
        assertEquals((int) (written - taken), String.valueOf(rig.line()).length());
      }
      rig.stopAndJoin();
    }
  }

  @Test
  void linesOfManyComeInTheOrderOfEach() throws Exception {
    try (var tcp = listen();
        var rig = Rig.of(tcp)) {
      for (int c = 0; c < 8; c++) {
        int client = c;
        rig.scope.start("client-" + c, () -> sendMany(tcp, client, 2_000));
      }
      int[] next = new int[8];
      for (int i = 0; i < 8 * 2_000; i++) {
        String[] cells = String.valueOf(rig.line()).split(",", -1);
        int client = Integer.parseInt(cells[0]);
        assertEquals(next[client]++, Integer.parseInt(cells[1]));
      }
      rig.stopAndJoin();
    }
  }

  private static void sendMany(TcpLines tcp, int client, int many) throws IOException {
    try (var socket = connect(tcp)) {
      for (int i = 0; i < many; i++) {
        write(socket, client + "," + i + "\n");
      }
    }
  }

  @Test
  void sendsProbesWhileNobodyIsConnected() throws Exception {
    try (var tcp = listen();
        var rig = Rig.of(tcp)) {
      for (int i = 0; i < 3; i++) {
        assertInstanceOf(Probe.class, rig.out.receive());
        rig.clock.awaitAlarms(1);
        rig.clock.advance(Duration.ofMillis(100));
      }
      assertInstanceOf(Probe.class, rig.out.receive());
      rig.stopAndJoin();
    }
  }

  @Test
  void whoNeverEndsALineIsCutOffWhenItIsCancelled() throws Exception {
    try (var tcp = listen();
        var rig = Rig.of(tcp);
        var client = connect(tcp);
        var idle = connect(tcp)) {
      write(client, "A,1\n");
      assertEquals("A,1", rig.line());
      rig.scope.start("babbler", () -> babble(client));
      rig.scope.start("cancel", rig.scope::cancel);
      rig.scope.join();
      assertEquals("", readAll(idle));
      assertThrows(IOException.class, () -> connect(tcp).close());
    }
  }

  private static void babble(Socket client) {
    try {
      while (true) {
        write(client, "x".repeat(10_000));
      }
    } catch (IOException closed) {
      // as it is to be
    }
  }

  @Test
  void stopsInAStormOfConnections() throws Exception {
    for (int run = 0; run < 30; run++) {
      try (var tcp = listen();
          var rig = Rig.of(tcp)) {
        rig.scope.start("storm", () -> storm(tcp));
        String first = rig.line();
        assertEquals("A,1", first);
        rig.stopAndJoin();
      }
    }
  }

  private static void storm(TcpLines tcp) {
    try {
      while (true) {
        try (var client = connect(tcp)) {
          write(client, "A,1\n");
        }
      }
    } catch (IOException ended) {
      // nobody listens any more
    }
  }

  @Test
  void namesPlacesWhereItCannotListen() throws Exception {
    try (var tcp = listen()) {
      var taken =
          assertThrows(IOException.class, () -> new TcpLines("b", HOST, tcp.port()).close());
      assertTrue(
          String.valueOf(taken.getMessage())
              .startsWith("cannot listen on " + HOST + ":" + tcp.port() + ": "),
          taken::toString);
    }
    assertThrows(IOException.class, () -> new TcpLines("b", "no.such.host.invalid", 0).close());
    assertEquals("port is -1, must be 0 to 65535", portMessage(-1));
    assertEquals("port is 65536, must be 0 to 65535", portMessage(65_536));
  }

  private static @Nullable String portMessage(int port) {
    return assertThrows(IllegalArgumentException.class, () -> new TcpLines("b", HOST, port).close())
        .getMessage();
  }
}
