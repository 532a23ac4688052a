package dev.sluice.mesh.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;

/**
 * A network between those who connect and a port, which can be cut: then nothing comes through in
 * either direction, and neither side is told. What was sent meanwhile comes late, as TCP sends it
 * again.
 */
final class SilentProxy implements AutoCloseable {
  private static final int ROOM = 64 << 10;

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Its phase is even while the network is whole, and odd while it is cut. */
  private final Phaser state = new Phaser(1);

  private volatile boolean closed;

  /** Begins to forward to a port of this machine. */
  SilentProxy(int targetPort) throws IOException {
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Nothing comes through from now on. */
  void cut() {
    turn(1);
  }

  /** The network is whole again. */
  void heal() {
    turn(0);
  }

  private void turn(int parity) {
    if (state.getPhase() % 2 != parity) {
      state.arrive();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket from = server.accept();
        sockets.add(from);
        threads.submit(() -> connect(from));
      } catch (IOException over) {
        return;
      }
    }
  }

  private void connect(Socket from) {
    awaitWhole();
    var to = new Socket();
    sockets.add(to);
    try {
      to.connect(target);
      threads.submit(() -> forward(from, to));
      forward(to, from);
    } catch (IOException refused) {
      end(from, to);
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] bytes = new byte[ROOM];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        awaitWhole();
        out.write(bytes, 0, read);
      }
    } catch (IOException broken) {
      // both ends are told below
    }
    awaitWhole(); // also the end of a connection
    end(from, to);
  }

  private void awaitWhole() {
    int phase = state.getPhase();
    if (phase >= 0 && phase % 2 == 1) {
      state.awaitAdvance(phase);
    }
  }

  private void end(Socket from, Socket to) {
    for (Socket socket : new Socket[] {from, to}) {
      sockets.remove(socket);
      try {
        socket.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    state.forceTermination();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.close();
  }
}
