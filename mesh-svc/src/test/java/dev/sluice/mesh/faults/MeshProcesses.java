package dev.sluice.mesh.faults;

import dev.sluice.mesh.grpc.GetMeshRequest;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshView;
import dev.sluice.mesh.grpc.Worker;
import dev.sluice.mesh.grpc.WorkerState;
import dev.sluice.service.testing.BuiltService;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A supervisor, the workers that it launches, and a router, each a process of this machine; between
 * the router and the workers there is a network that can be cut.
 */
public final class MeshProcesses implements AutoCloseable {
  /** A machine that has much else to do stalls workers by itself: {@code -Dmesh.heartbeat=5s}. */
  private static final String HEARTBEAT = System.getProperty("mesh.heartbeat", "1s");

  /** So that they start fast. */
  private static final List<String> OPTIONS =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Path folder;
  private final int workers;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int supervisorHttp = freePort();
  private final int supervisorGrpc = freePort();
  private final int routerHttp = freePort();
  private final int routerGrpc = freePort();
  private final SilentProxy network;
  private final ManagedChannel toSupervisor;
  private final ManagedChannel toRouter;
  private Process supervisor;
  private Process router;

  private MeshProcesses(Path folder, int workers) throws IOException {
    this.folder = folder;
    this.workers = workers;
    this.network = new SilentProxy(routerGrpc);
    this.toSupervisor = channel(supervisorGrpc);
    this.toRouter = channel(routerGrpc);
  }

  /**
   * Starts it, and waits until every worker serves.
   *
   * @param folder where they put what they write
   */
  public static MeshProcesses start(Path folder, int workers) throws IOException {
    var mesh = new MeshProcesses(folder, workers);
    try {
      mesh.startSupervisor();
      mesh.startRouter();
      mesh.awaitWell();
      return mesh;
    } catch (Throwable failed) {
      mesh.close();
      throw failed;
    }
  }

  /** How to reach the router. */
  public ManagedChannel router() {
    return toRouter;
  }

  /** The network between the router and the workers. */
  SilentProxy network() {
    return network;
  }

  /** Starts the supervisor, on the port that it had. */
  void startSupervisor() {
    supervisor =
        launch(
            "supervisor",
            "sluice.mesh.role=supervisor",
            "sluice.mesh.workers=" + workers,
            "sluice.mesh.processes.logs=" + folder,
            "sluice.mesh.processes.worker-options=" + String.join(" ", OPTIONS),
            "sluice.mesh.restarts.failures=1000",
            "quarkus.http.port=" + supervisorHttp,
            "quarkus.grpc.server.port=" + supervisorGrpc);
  }

  /** Ends the supervisor with SIGKILL; those that it has launched go on. */
  void killSupervisor() {
    supervisor.destroyForcibly().onExit().join();
  }

  /** Starts the router, on the ports and with the log that it had, and waits until it is ready. */
  void startRouter() {
    router =
        launch(
            "router",
            "sluice.mesh.role=router",
            "sluice.mesh.name=router-0",
            "sluice.mesh.supervisor=127.0.0.1:" + supervisorGrpc,
            "sluice.mesh.advertise=127.0.0.1:" + network.port(),
            "sluice.mesh.log=sqlite:" + folder.resolve("router.db"),
            "quarkus.http.port=" + routerHttp,
            "quarkus.grpc.server.port=" + routerGrpc);
  }

  /** Ends the router with SIGKILL. */
  void killRouter() {
    router.destroyForcibly().onExit().join();
  }

  /** Waits until the router takes requests. */
  void awaitRouter() {
    until("a router that is ready", () -> isReady(routerHttp));
    toRouter.resetConnectBackoff();
  }

  /** Waits until every worker serves, and the router takes requests. */
  void awaitWell() {
    until("a mesh that is well", () -> isWell(view()));
    awaitRouter();
  }

  private static void until(String awaited, BooleanSupplier met) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!met.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("in " + PATIENCE + " there was none of this: " + awaited);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private boolean isWell(MeshView view) {
    return !view.getGathering()
        && view.getWorkersList().stream()
                .filter(worker -> worker.getState() == WorkerState.WORKER_STATE_LIVE)
                .count()
            == workers
        && view.getShardsCount() > 0
        && view.getShardsList().stream().noneMatch(shard -> shard.getWorker().isEmpty());
  }

  /** The process of the worker that owns the most shards. */
  long busiest() {
    MeshView view = view();
    Predicate<Worker> isLive = worker -> worker.getState() == WorkerState.WORKER_STATE_LIVE;
    return view.getWorkersList().stream()
        .filter(isLive)
        .max(Comparator.comparingLong(worker -> shards(view, worker)))
        .orElseThrow()
        .getPid();
  }

  private static long shards(MeshView view, Worker worker) {
    return view.getShardsList().stream()
        .filter(shard -> shard.getWorker().equals(worker.getName()))
        .count();
  }

  /** How the supervisor sees it; nothing while it does not answer. */
  MeshView view() {
    try {
      return MeshGrpc.newBlockingStub(toSupervisor)
          .withDeadlineAfter(5, TimeUnit.SECONDS)
          .getMesh(GetMeshRequest.getDefaultInstance());
    } catch (StatusRuntimeException away) {
      toSupervisor.resetConnectBackoff();
      return MeshView.getDefaultInstance();
    }
  }

  /** Sends a signal, such as STOP. */
  static void signal(String signal, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
      if (kill.onExit().join().exitValue() != 0) {
        throw new IllegalStateException("there is no process " + pid);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private boolean isReady(int port) {
    try {
      HttpRequest ready =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private Process launch(String name, String... settings) {
    var all = new ArrayList<String>();
    all.add("-Dsluice.mesh.heartbeat=" + HEARTBEAT);
    all.add("-Dquarkus.http.host=127.0.0.1");
    all.add("-Dquarkus.grpc.server.host=127.0.0.1");
    Stream.of(settings).map(setting -> "-D" + setting).forEach(all::add);
    List<String> command = BuiltService.command(Path.of(""), OPTIONS, all);
    try {
      return new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    List<Long> pids = view().getWorkersList().stream().map(Worker::getPid).toList();
    for (Process each : Stream.of(router, supervisor).filter(each -> each != null).toList()) {
      each.destroy();
      each.onExit().join();
    }
    pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    toRouter.shutdownNow();
    toSupervisor.shutdownNow();
    network.close();
    http.close();
  }

  private static ManagedChannel channel(int port) {
    return ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
