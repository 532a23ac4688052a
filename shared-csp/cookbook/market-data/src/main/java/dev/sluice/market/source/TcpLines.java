package dev.sluice.market.source;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.SendChannel;
import dev.sluice.market.stage.LineParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lines that come over TCP, from {@code nc} for one. A line ends with LF or CRLF, or with the
 * connection; what is longer than {@link LineParser#MAX_LINE} bytes counts as one line that cannot
 * be read. When the pipeline has no room the sockets are not read, so the senders wait. Lines of a
 * connection that are still on their way when the source is stopped are not taken.
 *
 * <pre>
 *   socket --> reader --\
 *   socket --> reader ---+--> [lines] --> source
 * </pre>
 */
public final class TcpLines implements Source, AutoCloseable {
  /** How many may be connected at once. */
  public static final int MAX_CONNECTIONS = 16;

  private static final int LINES = 64;
  private static final Duration RETRY = Duration.ofMillis(50);
  private static final int CHUNK = 8_192;
  private static final byte[] TOO_MANY =
      "too many connections\n".getBytes(StandardCharsets.US_ASCII);

  private final String name;
  private final ServerSocket server;

  /**
   * Listens from now on; what comes before it runs waits.
   *
   * @param name of the source
   * @param host where to listen
   * @param port where to listen; 0 for any that is free
   * @throws IOException the port cannot be had
   * @throws IllegalArgumentException the port is not 0 to 65535
   */
  @SuppressWarnings("AddressSelection") // to listen on the first address of a name is what it means
  public TcpLines(String name, String host, int port) throws IOException {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + ", must be 0 to 65535");
    }
    this.name = name;
    this.server = new ServerSocket();
    try {
      server.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException taken) {
      server.close();
      throw new IOException(
          "cannot listen on " + host + ":" + port + ": " + taken.getMessage(), taken);
    }
  }

  /** {@return the port on which it listens} */
  public int port() {
    return server.getLocalPort();
  }

  @Override
  public String name() {
    return name;
  }

  /** Stops listening; running ends it by itself. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  @Override
  public void run(Feed feed) throws InterruptedException, IOException {
    Scope scope = feed.scope();
    Channel<byte[]> lines = scope.channel("lines-" + name, LINES);
    Scope readers = scope.child("readers-" + name);
    scope.start("accept-" + name, () -> accept(readers, lines));
    try {
      forward(feed, lines);
    } finally {
      server.close();
      readers.cancel(); // interrupting a virtual thread closes the socket it reads
    }
    readers.join();
    forwardRest(feed, lines);
  }

  private static void forward(Feed feed, ReceiveChannel<byte[]> lines) throws InterruptedException {
    var select = Select.fair(feed.clock());
    var line = select.receive(lines);
    var stop = select.receive(feed.stop());
    var probe = select.after(null);
    while (true) {
      while (feed.order() != null) {} // nothing that it could be told
      feed.probe(feed.clock().nanos());
      probe.in(feed.untilProbe());
      Select.Case happened = select.await();
      if (happened == stop) {
        return;
      }
      if (happened == line) {
        forward(feed, line.value(), lines);
      }
    }
  }

  /** A line, and those that wait too: to select for each of them would cost more. */
  private static void forward(Feed feed, byte[] first, ReceiveChannel<byte[]> more)
      throws InterruptedException {
    long now = feed.clock().nanos();
    feed.send(first, now);
    for (int i = 1; i < LINES; i++) {
      byte[] line = more.tryReceive();
      if (line == null) {
        return;
      }
      feed.send(line, now);
    }
  }

  /** What was read from the sockets is sent, and counted, also when it ends. */
  private static void forwardRest(Feed feed, ReceiveChannel<byte[]> lines)
      throws InterruptedException {
    for (byte[] line = lines.tryReceive(); line != null; line = lines.tryReceive()) {
      feed.send(line, feed.clock().nanos());
    }
  }

  private void accept(Scope readers, SendChannel<byte[]> lines) throws IOException {
    int number = 0;
    while (!server.isClosed()) {
      Socket socket = acceptOrNull();
      if (socket != null && readers.processes().size() < MAX_CONNECTIONS) {
        number++;
        start(readers, "read-" + name + "-" + number, socket, lines);
      } else if (socket != null) {
        refuse(socket);
      }
    }
  }

  private static void start(Scope readers, String reader, Socket socket, SendChannel<byte[]> lines)
      throws IOException {
    try {
      readers.start(reader, () -> read(socket, lines));
    } catch (CancellationException stopped) {
      socket.close(); // it came in the moment in which the source was stopped
    }
  }

  private @Nullable Socket acceptOrNull() {
    try {
      return server.accept();
    } catch (IOException failed) {
      if (!server.isClosed()) {
        LockSupport.parkNanos(RETRY.toNanos()); // too many files are open, for one: later
      }
      return null;
    }
  }

  private static void refuse(Socket socket) {
    try (socket) {
      socket.getOutputStream().write(TOO_MANY);
    } catch (IOException gone) {
      // it has hung up already
    }
  }

  private static void read(Socket socket, SendChannel<byte[]> lines) throws InterruptedException {
    try (socket) {
      socket.setKeepAlive(true); // who is gone without a word gives his place back
      InputStream in = socket.getInputStream();
      var splitter = new LineSplitter(lines);
      byte[] chunk = new byte[CHUNK];
      for (int many = in.read(chunk); many >= 0; many = in.read(chunk)) {
        splitter.take(chunk, many);
      }
      splitter.end();
    } catch (IOException broken) {
      // the connection is gone, and what came of the line with it
    }
  }
}
