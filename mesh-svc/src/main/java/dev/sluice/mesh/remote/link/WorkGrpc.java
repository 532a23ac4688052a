package dev.sluice.mesh.remote.link;

import dev.sluice.mesh.link.grpc.RouterToWorker;
import dev.sluice.mesh.link.grpc.WorkerToRouter;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import dev.sluice.mesh.process.Link;
import dev.sluice.mesh.process.Router;
import dev.sluice.service.grpc.CheckedMessages;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import java.util.Optional;

/** {@code sluice.mesh.link.v1.Work}: a router's end of the links with its workers. */
@GrpcService
public class WorkGrpc extends dev.sluice.mesh.link.grpc.WorkGrpc.WorkImplBase {
  private final Optional<Workers> router;
  private final ServerStreams streams;

  @Inject
  WorkGrpc(Optional<Router> router, ServerStreams streams) {
    this(streams, router.map(each -> each::join));
  }

  /** Who takes the links of workers, or does not. */
  interface Workers {
    boolean join(WorkerHello hello, Link<ToWorker, FromWorker> link);
  }

  WorkGrpc(ServerStreams streams, Optional<Workers> router) {
    this.router = router;
    this.streams = streams;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CheckedMessages.of(super.bindService());
  }

  @Override
  public StreamObserver<WorkerToRouter> work(StreamObserver<RouterToWorker> caller) {
    return streams.serve(
        "work",
        caller,
        (stream, first) -> {
          var hello = Data.hello(first);
          var bridge =
              new Bridge<>(
                  hello.worker().name(),
                  stream,
                  Data::sendToWorker,
                  Data::fromWorker,
                  Capacities.data(hello.window()));
          boolean isTaken =
              router
                  .orElseThrow(() -> ServerStreams.notTaken("this process is no router"))
                  .join(hello, bridge.link());
          if (!isTaken) {
            throw ServerStreams.notTaken("the router takes no more links");
          }
          return bridge;
        });
  }
}
