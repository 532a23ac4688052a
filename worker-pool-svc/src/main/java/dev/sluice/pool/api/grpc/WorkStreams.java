package dev.sluice.pool.api.grpc;

import dev.sluice.csp.patterns.Semaphore;
import dev.sluice.pool.api.EdgeSettings;
import dev.sluice.pool.api.work.WorkOperation;
import dev.sluice.pool.grpc.WorkRequest;
import dev.sluice.pool.grpc.WorkResponse;
import dev.sluice.service.life.ServiceLife;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Opens streams of workers, so many at once. */
@Singleton
class WorkStreams {
  private final WorkOperation work;
  private final ProtoRequests requests;
  private final Semaphore open;
  private final Vertx vertx;

  @Inject
  WorkStreams(
      WorkOperation work,
      ProtoRequests requests,
      ServiceLife life,
      EdgeSettings settings,
      Vertx vertx) {
    this.work = work;
    this.requests = requests;
    this.open = Semaphore.in(life.scope(), "work-streams", settings.maxWorkStreams());
    this.vertx = vertx;
  }

  StreamObserver<WorkRequest> open(StreamObserver<WorkResponse> caller) {
    return WorkStream.start(
        (ServerCallStreamObserver<WorkResponse>) caller,
        vertx.getOrCreateContext(),
        work,
        requests,
        open.tryAcquire());
  }
}
