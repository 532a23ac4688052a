package dev.sluice.store.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real server as a process of its own: the one that {@code -Dredis.server} names, such as {@code
 * /usr/bin/valkey-server}, or else the one that the library for tests carries. It can be killed and
 * started again on the same port and data.
 */
public final class RedisProcess implements AutoCloseable {
  private static final String SERVER = server();

  private final String server;
  private final int port;
  private final Path folder;
  private final List<String> options;
  private Process process;

  private RedisProcess(String server, int port, Path folder, List<String> options) {
    this.server = server;
    this.port = port;
    this.folder = folder;
    this.options = options;
    this.process = launch();
  }

  /**
   * Starts a server that keeps nothing on disk, unless the options say otherwise.
   *
   * @param options as on its command line
   */
  public static RedisProcess start(String... options) {
    return on(freePort(), options);
  }

  /** As {@link #start}, but the {@code redis-server} of this machine; empty when there is none. */
  public static Optional<RedisProcess> startInstalled(String... options) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(found -> of(found.toString(), freePort(), options));
  }

  /** Starts one on this port. */
  public static RedisProcess on(int port, String... options) {
    return of(SERVER, port, options);
  }

  private static RedisProcess of(String server, int port, String... options) {
    try {
      return new RedisProcess(
          server, port, Files.createTempDirectory("redis-" + port + "-"), List.of(options));
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  /** A port whose bus port, 10,000 above, is one too. */
  public static int freePort() {
    while (true) {
      try (var socket = new ServerSocket(0)) {
        if (socket.getLocalPort() < 55_000) {
          return socket.getLocalPort();
        }
      } catch (IOException none) {
        throw new UncheckedIOException(none);
      }
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** As the services' configuration has it. */
  public String address() {
    return "redis://127.0.0.1:" + port;
  }

  /** As {@code kill -9}. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Kills it if it runs, and starts it again with what it has on disk. */
  public void restart() {
    kill();
    process = launch();
  }

  /** Makes it hang (STOP) or go on (CONT). */
  public void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /**
   * Sends a command, for example {@code CLUSTER MEET 127.0.0.1 7000}.
   *
   * @return the first line of the answer
   */
  public String command(String line) {
    return answer(line).lines().findFirst().orElse("");
  }

  /** Sends a command and returns all of the answer, as it comes. */
  public String answer(String line) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(multiBulk(line));
      socket.shutdownOutput(); // it answers, then hangs up
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** In Redis's protocol, which has no limit on its length. */
  private static byte[] multiBulk(String command) {
    String[] words = command.split(" ", -1);
    var sent = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      sent.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return sent.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Returns when it says that it is ready. */
  private Process launch() {
    var command = new ArrayList<String>();
    command.add(server);
    boolean sentinel = options.contains("--sentinel");
    if (sentinel) {
      command.add(config());
    }
    command.addAll(List.of("--port", Integer.toString(port), "--dir", folder.toString()));
    if (!sentinel) {
      command.addAll(List.of("--save", ""));
    }
    command.addAll(options);
    try {
      Path log = folder.resolve("log");
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        awaitReady(started, log);
        return started;
      } catch (AssertionError | RuntimeException failure) {
        started.destroyForcibly();
        throw failure;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String config() {
    try {
      Path file = folder.resolve("sentinel.conf");
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      return file.toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void awaitReady(Process started, Path log) {
    Patience.until(
        "a server that is ready",
        () -> {
          String said = read(log);
          if (!started.isAlive()) {
            throw new IllegalStateException("it has ended: " + said);
          }
          return said.contains("Ready to accept connections") || said.contains("Sentinel ID is");
        });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String server() {
    String named = System.getProperty("redis.server");
    return named == null ? carried() : named;
  }

  private static String carried() {
    try {
      return ExecutableProvider.newJarResourceProvider().get().getPath();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
