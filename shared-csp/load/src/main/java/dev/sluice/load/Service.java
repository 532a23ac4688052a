package dev.sluice.load;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The service under load: a process of its own, on free ports of this machine. */
public final class Service implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final int http;
  private final int grpc;
  private final long startedNanos;

  private Service(Process process, long startedNanos, Path log, int http, int grpc) {
    this.process = process;
    this.startedNanos = startedNanos;
    this.log = log;
    this.http = http;
    this.grpc = grpc;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param app Quarkus's directory with the application, or a native executable
   * @param settings as {@code sluice.store=memory}
   * @throws IOException it has not become ready
   */
  public static Service start(Path app, Path scratch, List<String> settings)
      throws IOException, InterruptedException {
    Service service = launch(app, scratch, settings);
    try {
      service.awaitReady();
    } catch (Throwable notReady) {
      service.close();
      throw notReady;
    }
    return service;
  }

  /** As {@link #start}, but does not wait. */
  public static Service launch(Path app, Path scratch, List<String> settings) throws IOException {
    int http = freePort();
    int grpc = freePort();
    boolean onJvm = Files.isDirectory(app);
    List<String> command = new ArrayList<>();
    command.add(
        onJvm
            ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
            : app.toAbsolutePath().toString());
    command.add("-Xmx512m"); // as ./sluice up
    settings.stream().map(setting -> "-D" + setting).forEach(command::add);
    command.add("-Dquarkus.http.port=" + http);
    command.add("-Dquarkus.grpc.server.port=" + grpc);
    if (onJvm) {
      command.addAll(List.of("-jar", app.resolve("quarkus-run.jar").toString()));
    }
    Path log = scratch.resolve("service.log");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    long startedNanos = System.nanoTime();
    return new Service(builder.start(), startedNanos, log, http, grpc);
  }

  /** Where a path is. */
  public String http(String path) {
    return "http://127.0.0.1:" + http + path;
  }

  /** Where a method is, as {@code package.Service/Method}. */
  public String grpc(String method) {
    return "http://127.0.0.1:" + grpc + "/" + method;
  }

  /** The process's id. */
  public long pid() {
    return process.pid();
  }

  /** The process, to be asked whether it lives. */
  public Process process() {
    return process;
  }

  /** The {@link System#nanoTime} at which the system was asked for the process. */
  public long startedNanos() {
    return startedNanos;
  }

  private void awaitReady() throws IOException, InterruptedException {
    var deadline = Instant.now().plus(START);
    var ready = HttpRequest.newBuilder(URI.create(http("/q/health/ready"))).build();
    try (var client = HttpClient.newHttpClient()) {
      while (process.isAlive() && Instant.now().isBefore(deadline)) {
        try {
          if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // it does not listen yet
        }
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    throw new IOException("the service has not become ready:\n" + Files.readString(log));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** One that nobody listens on. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
