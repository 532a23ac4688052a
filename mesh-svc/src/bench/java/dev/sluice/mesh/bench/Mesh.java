package dev.sluice.mesh.bench;

import com.google.common.util.concurrent.ListenableFuture;
import dev.sluice.load.Service;
import dev.sluice.mesh.grpc.GetMeshRequest;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshRequest;
import dev.sluice.mesh.grpc.MeshView;
import dev.sluice.mesh.grpc.Shard;
import dev.sluice.mesh.grpc.Worker;
import dev.sluice.mesh.grpc.WorkerState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A supervisor, four workers and a router, each a process of its own. */
final class Mesh implements AutoCloseable {
  static final int WORKERS = 4;
  static final int SHARDS = 32;
  static final int HEARTBEAT_MILLIS = 1_000;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final int LOOK_EVERY_MILLIS = 20;

  private final Service supervisor;
  private final Service router;
  private final ManagedChannel toSupervisor;
  private final ManagedChannel toRouter;

  private Mesh(Service supervisor, Service router) {
    this.supervisor = supervisor;
    this.router = router;
    this.toSupervisor = channel(supervisor);
    this.toRouter = channel(router);
  }

  /**
   * As {@code ./sluice mesh up --workers 4}, but that a worker may die as often as it is killed.
   */
  static Mesh start(Path app, Path scratch) throws IOException, InterruptedException {
    Path logs = Files.createDirectory(scratch.resolve("supervisor"));
    Service supervisor =
        Service.start(
            app,
            logs,
            List.of(
                "sluice.mesh.role=supervisor",
                "sluice.mesh.workers=" + WORKERS,
                "sluice.mesh.shards=" + SHARDS,
                "sluice.mesh.heartbeat=" + HEARTBEAT_MILLIS + "ms",
                "sluice.mesh.restarts.failures=100000",
                "sluice.mesh.restarts.max-backoff=100ms",
                "sluice.mesh.processes.logs=" + logs));
    try {
      Path folder = Files.createDirectory(scratch.resolve("router"));
      Service router =
          Service.start(
              app,
              folder,
              List.of(
                  "sluice.mesh.role=router",
                  "sluice.mesh.name=router-0",
                  "sluice.mesh.heartbeat=" + HEARTBEAT_MILLIS + "ms",
                  "sluice.mesh.supervisor=127.0.0.1:" + port(supervisor),
                  "sluice.mesh.log=sqlite:" + folder.resolve("mesh.db")));
      var mesh = new Mesh(supervisor, router);
      mesh.awaitWell();
      return mesh;
    } catch (Throwable failed) {
      supervisor.close();
      throw failed;
    }
  }

  int routerPort() {
    return port(router);
  }

  /** Where the router takes requests over HTTP. */
  String http() {
    return router.http("/requests");
  }

  MeshView view() {
    return MeshGrpc.newBlockingStub(toSupervisor)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .getMesh(GetMeshRequest.getDefaultInstance());
  }

  /** A request on its way. */
  ListenableFuture<?> ask(MeshRequest request) {
    return MeshGrpc.newFutureStub(toRouter).request(request);
  }

  /**
   * Waits until every worker lives and every shard has an owner.
   *
   * @return how it is then
   */
  MeshView awaitWell() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (MeshView view = view(); ; view = view()) {
      if (isWell(view)) {
        return view;
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException("the mesh has not become well: " + view);
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private static boolean isWell(MeshView view) {
    long live =
        view.getWorkersList().stream()
            .filter(worker -> worker.getState() == WorkerState.WORKER_STATE_LIVE)
            .count();
    return live == WORKERS
        && view.getShardsCount() == SHARDS
        && view.getShardsList().stream().noneMatch(shard -> shard.getWorker().isEmpty())
        && view.getWorkersList().stream().allMatch(worker -> owns(view, worker));
  }

  private static boolean owns(MeshView view, Worker worker) {
    return view.getShardsList().stream()
        .anyMatch(shard -> shard.getWorker().equals(worker.getName()));
  }

  /** A key of each shard. */
  Map<Integer, String> keys() {
    var keys = new HashMap<Integer, String>();
    for (int i = 0; keys.size() < SHARDS; i++) {
      String key = "probe-" + i;
      var reply =
          MeshGrpc.newBlockingStub(toRouter)
              .request(MeshRequest.newBuilder().setKey(key).setOp("echo").build());
      keys.putIfAbsent(reply.getShard(), key);
    }
    return keys;
  }

  /** The shards of a worker. */
  static List<Integer> shards(MeshView view, Worker worker) {
    var shards = new ArrayList<Integer>();
    for (Shard shard : view.getShardsList()) {
      if (shard.getWorker().equals(worker.getName())) {
        shards.add(shard.getShard());
      }
    }
    return shards;
  }

  private static ManagedChannel channel(Service service) {
    return ManagedChannelBuilder.forAddress("127.0.0.1", port(service)).usePlaintext().build();
  }

  private static int port(Service service) {
    return URI.create(service.grpc("")).getPort();
  }

  @Override
  public void close() {
    toRouter.shutdownNow();
    toSupervisor.shutdownNow();
    router.close();
    supervisor.close();
  }
}
