package dev.sluice.pool.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A server on this machine that need not keep to HTTP. */
final class RawServer implements AutoCloseable {

  /** What a test does with a connection; runs on a thread of its own. */
  @FunctionalInterface
  interface Handler {
    void handle(Socket connection) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final Thread acceptor;

  RawServer(Handler handler) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = Thread.startVirtualThread(() -> accept(handler));
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Reads a request without a body. */
  static void readHead(Socket connection) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) connection.getInputStream().read());
    }
  }

  static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    connection.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    acceptor.interrupt();
    server.close();
  }

  private void accept(Handler handler) {
    try {
      while (true) {
        Socket connection = server.accept();
        Thread.startVirtualThread(() -> handle(handler, connection));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static void handle(Handler handler, Socket connection) {
    try (connection) {
      handler.handle(connection);
    } catch (IOException | InterruptedException gone) {
      return;
    }
  }
}
