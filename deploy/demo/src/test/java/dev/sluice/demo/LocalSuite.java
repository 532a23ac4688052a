package dev.sluice.demo;

import dev.sluice.service.testing.BuiltService;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The four services as built, each a process of this machine, on free ports. */
public final class LocalSuite implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A service, by the module that builds it. */
  public enum Service {
    LIMITER("rate-limiter-svc"),
    DEDUP("dedup-svc"),
    POOL("worker-pool-svc"),
    MESH("mesh-svc");

    private final String module;

    Service(String module) {
      this.module = module;
    }

    /** What the service is called, as the module that builds it. */
    public String module() {
      return module;
    }
  }

  private final Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Service, Process> processes = new EnumMap<>(Service.class);
  private final Map<Service, Integer> ports = new EnumMap<>(Service.class);

  private final List<String> settings;

  private LocalSuite(Path folder, List<String> settings) {
    this.folder = folder;
    this.settings = List.copyOf(settings);
  }

  /**
   * Starts these services and waits until they are ready.
   *
   * @param folder where they put what they write
   */
  public static LocalSuite start(Path folder, Service... services)
      throws IOException, InterruptedException {
    return start(folder, List.of(), services);
  }

  /**
   * Starts these services and waits until they are ready.
   *
   * @param folder where they put what they write
   * @param settings of each, as {@code -Dsluice.store=memory}
   */
  public static LocalSuite start(Path folder, List<String> settings, Service... services)
      throws IOException, InterruptedException {
    var suite = new LocalSuite(folder, settings);
    try {
      for (Service service : services) {
        suite.launch(service);
      }
      for (Service service : services) {
        suite.awaitReady(service);
      }
      return suite;
    } catch (Throwable failed) {
      suite.close();
      throw failed;
    }
  }

  /** Where the service answers. */
  public URI uri(Service service) {
    return URI.create("http://127.0.0.1:" + ports.get(service));
  }

  Process process(Service service) {
    return processes.get(service);
  }

  /** Sends SIGTERM, as Kubernetes does. */
  void terminate(Service service) {
    process(service).destroy();
  }

  /** Ends a service with SIGKILL, and waits until it has ended. */
  void kill(Service service) {
    process(service).destroyForcibly().onExit().join();
  }

  /** Starts a service again, on the same port, and waits until it is ready. */
  void restart(Service service) throws IOException, InterruptedException {
    launch(service);
    awaitReady(service);
  }

  String log(Service service) throws IOException {
    return Files.readString(logFile(service));
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroy);
    processes.values().forEach(process -> process.onExit().join());
    client.close();
  }

  private void launch(Service service) throws IOException {
    int port = ports.containsKey(service) ? ports.get(service) : freePort();
    ports.put(service, port);
    List<String> settings = new ArrayList<>();
    settings.add("-Dquarkus.http.host=127.0.0.1");
    settings.add("-Dquarkus.http.port=" + port);
    settings.add("-Dquarkus.grpc.server.port=" + freePort());
    settings.add("-Dsluice.pool.targets.allow-private=true");
    settings.add("-Dsluice.limiter.snapshot=" + folder.resolve("limiter.snapshot"));
    settings.addAll(this.settings);
    List<String> command =
        BuiltService.command(Path.of("..", "..", service.module), List.of("-Xmx256m"), settings);
    processes.put(
        service,
        new ProcessBuilder(command)
            .directory(folder.toFile()) // where a service puts what it keeps, unless told
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(service).toFile()))
            .start());
  }

  private void awaitReady(Service service) throws IOException, InterruptedException {
    var ready =
        HttpRequest.newBuilder(uri(service).resolve("/q/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (!process(service).isAlive()) {
        throw new IllegalStateException(service.module + " has ended:\n" + log(service));
      }
      try {
        if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        Thread.onSpinWait();
      }
      process(service).waitFor(Duration.ofMillis(50)); // to ask again, or see it end
    }
    throw new IllegalStateException(service.module + " was not ready:\n" + log(service));
  }

  private Path logFile(Service service) {
    return folder.resolve(service.module + ".log");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
