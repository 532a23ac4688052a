package dev.sluice.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A beanstalkd that flushes its log to the disk at every write.
 *
 * @see <a href="https://github.com/beanstalkd/beanstalkd/blob/master/doc/protocol.txt">its
 *     protocol</a>
 */
public final class BeanstalkdServer implements AutoCloseable {
  private static final int LOOKS = 100;

  private final Process process;
  private final int port;

  private BeanstalkdServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it, with a log in a directory of its own. */
  public static BeanstalkdServer start(Path scratch) throws IOException, InterruptedException {
    int port = Service.freePort();
    Path log = Files.createTempDirectory(scratch, "beanstalkd");
    Process process =
        new ProcessBuilder(
                "beanstalkd", "-l", "127.0.0.1", "-p", "" + port, "-b", log.toString(), "-f", "0")
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("beanstalkd.log").toFile())
            .start();
    var server = new BeanstalkdServer(process, port);
    try {
      server.awaitReady();
    } catch (Throwable notReady) {
      server.close();
      throw notReady;
    }
    return server;
  }

  /**
   * Puts one job after the other on each of so many connections.
   *
   * @param body of each job
   */
  public Load puts(String body, int connections) {
    byte[] job = body.getBytes(StandardCharsets.UTF_8);
    byte[] put =
        ("put 0 0 60 " + job.length + "\r\n" + body + "\r\n").getBytes(StandardCharsets.UTF_8);
    return seconds -> {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<List<Double>>> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
          all.add(threads.submit(() -> put(put, end)));
        }
        var micros = new ArrayList<Double>();
        for (Future<List<Double>> each : all) {
          micros.addAll(each.get());
        }
        return Load.sample(micros.stream().mapToDouble(each -> each).toArray(), seconds);
      } catch (ExecutionException failed) {
        throw new IOException(failed.getCause());
      }
    };
  }

  private List<Double> put(byte[] put, long end) throws IOException {
    var micros = new ArrayList<Double>();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (long begin = System.nanoTime(); begin - end < 0; ) {
        out.write(put);
        String answer = line(in);
        if (!answer.startsWith("INSERTED ")) {
          throw new IOException("beanstalkd has answered " + answer);
        }
        long now = System.nanoTime();
        micros.add((now - begin) / 1000.0);
        begin = now;
      }
    }
    return micros;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("beanstalkd has hung up");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (int look = 0; look < LOOKS && process.isAlive(); look++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    throw new IOException("beanstalkd does not listen on port " + port);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
