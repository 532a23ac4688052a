package dev.sluice.pool.remote;

import static dev.sluice.pool.remote.Sample.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Process;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.pool.model.Call;
import dev.sluice.pool.model.LeasedJob;
import dev.sluice.pool.model.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call ends at its timeout and at an interrupt, wherever it is. */
@NoLeaks
@Timeout(60)
class HttpTargetTimeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Where a target keeps a call waiting. */
  enum Phase {
    LOOKUP,
    CONNECT,
    TLS,
    REQUEST,
    HEAD,
    HALF_A_HEAD,
    BODY,
    CHUNKED_BODY
  }

  private final VirtualClock clock = new VirtualClock();
  private final Channel<Phase> reached = Channel.buffered(100);
  private final Channel<Void> release = Channel.rendezvous();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final HttpTarget target =
      new HttpTarget(
          new HttpTarget.Settings(true, 1_000_000, 0, 4),
          clock,
          _ -> true,
          this::lookUp,
          SSLContexts.createDefault());

  @BeforeEach
  void open() {
    open.add(target::close);
  }

  @AfterEach
  void close() throws Exception {
    release.close();
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsAtItsTimeout(Phase phase) throws Exception {
    LeasedJob job = job(phase);
    try (var scope = Scope.open("test")) {
      var ended = new Reply<String>();
      scope.start("call", () -> ended.complete(call(job)));
      reach(phase, job);
      clock.advance(TIMEOUT.minusNanos(1));
      clock.advance(Duration.ofNanos(1));
      assertEquals("no answer within 10000ms", ended.await());
      scope.join();
    }
    assertEquals(0, clock.alarms());
  }

  @ParameterizedTest
  @EnumSource
  void endsAtAnInterrupt(Phase phase) throws Exception {
    LeasedJob job = job(phase);
    try (var scope = Scope.open("test")) {
      var ended = new Reply<String>();
      Process call = scope.start("call", () -> ended.complete(call(job)));
      reach(phase, job);
      call.cancel();
      assertEquals("interrupted", ended.await());
      scope.join();
    }
    assertEquals(0, clock.alarms());
  }

  @Test
  void aSlowDripDoesNotOutliveTheTimeout() throws Exception {
    var drops = Channel.<Integer>rendezvous();
    var server =
        raw(connection -> {
          RawServer.readHead(connection);
          RawServer.write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
          for (int i = 0; ; i++) {
            RawServer.write(connection, "x");
            drops.send(i);
          }
        });
    try (var scope = Scope.open("test")) {
      var ended = new Reply<String>();
      scope.start("call", () -> ended.complete(call(within(TIMEOUT, server.url("/")))));
      for (int i = 0; i < 10; i++) {
        drops.receive();
        clock.advance(TIMEOUT.dividedBy(10));
      }
      assertEquals("no answer within 10000ms", ended.await());
      drops.tryReceive();
      scope.join();
    }
  }

  @Test
  void aCallThatIsNotBegunInTimeIsNotMade() {
    LeasedJob job = within(Duration.ZERO, URI.create("http://127.0.0.1:1/"));
    assertEquals(
        "no answer within 0ms",
        assertThrows(IOException.class, () -> target.call(job, null)).getMessage());
  }

  private String call(LeasedJob job) throws Exception {
    try {
      return target.call(job, null).toString();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }

  private LeasedJob job(Phase phase) throws Exception {
    return switch (phase) {
      case LOOKUP -> within(TIMEOUT, URI.create("http://slow.test/"));
      case CONNECT -> within(TIMEOUT, URI.create("http://127.0.0.1:" + deafPort() + "/"));
      case TLS ->
          within(TIMEOUT, URI.create("https://127.0.0.1:" + silent(phase, "").port() + "/"));
      case REQUEST ->
          Sample.job(
              new Call("POST", unread().url("/"), Map.of()),
              new Payload(Payload.Form.BYTES, new byte[50_000_000]),
              1,
              TIMEOUT);
      case HEAD -> within(TIMEOUT, silent(phase, "").url("/"));
      case HALF_A_HEAD -> within(TIMEOUT, silent(phase, "HTTP/1.1 200 OK\r\nX-").url("/"));
      case BODY ->
          within(
              TIMEOUT, silent(phase, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").url("/"));
      case CHUNKED_BODY ->
          within(
              TIMEOUT,
              silent(phase, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
                  .url("/"));
    };
  }

  /** Waits until the call is there. */
  private void reach(Phase phase, LeasedJob job) throws Exception {
    if (phase == Phase.CONNECT) {
      while (!isConnecting(job.call().url().getPort())) {
        Thread.onSpinWait();
      }
    } else {
      assertEquals(phase, reached.receive());
    }
  }

  /** Reads one request, says something, and then nothing. */
  private RawServer silent(Phase phase, String says) {
    return raw(connection -> {
      if (phase == Phase.TLS) {
        connection.getInputStream().read();
      } else {
        RawServer.readHead(connection);
      }
      RawServer.write(connection, says);
      reached.send(phase);
      release.receiveOrNull();
    });
  }

  /** Reads the head of a request, and of its body nothing. */
  private RawServer unread() {
    return silent(Phase.REQUEST, "");
  }

  private RawServer raw(RawServer.Handler handler) {
    var server = new RawServer(handler);
    open.add(server);
    return server;
  }

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    if (!host.equals("slow.test")) {
      return InetAddress.getAllByName(host);
    }
    try {
      reached.send(Phase.LOOKUP);
      release.receiveOrNull();
    } catch (InterruptedException stopped) {
      throw new UnknownHostException(host);
    }
    return InetAddress.getAllByName("127.0.0.1");
  }

  /** A port whose line of those who want to connect is full: it lets nobody in, nor turns away. */
  private int deafPort() throws IOException {
    var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    open.add(deaf);
    while (true) {
      var socket = new Socket();
      open.add(socket);
      try {
        socket.connect(new InetSocketAddress(deaf.getInetAddress(), deaf.getLocalPort()), 100);
      } catch (IOException full) {
        socket.close();
        return deaf.getLocalPort();
      }
    }
  }

  /** Whether the kernel lists a connection to the port in the state SYN_SENT. */
  private static boolean isConnecting(int port) throws IOException {
    String to = ":" + HexFormat.of().toHexDigits((short) port).toUpperCase(Locale.ROOT) + " 02 ";
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Path path = Path.of(table);
      if (Files.exists(path) && Files.readString(path).contains(to)) {
        return true;
      }
    }
    return false;
  }
}
