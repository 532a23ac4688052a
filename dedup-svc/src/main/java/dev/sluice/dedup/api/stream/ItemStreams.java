package dev.sluice.dedup.api.stream;

import dev.sluice.csp.Clock;
import dev.sluice.dedup.grpc.DedupStreamRequest;
import dev.sluice.dedup.grpc.DedupStreamResponse;
import dev.sluice.service.Limits;
import dev.sluice.service.life.ServiceLife;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Opens streams over gRPC: {@code DedupStream}. */
@Singleton
public class ItemStreams {
  private final Sieves sieves;
  private final StreamSettings settings;
  private final Limits limits;
  private final ServiceLife life;
  private final Clock clock;
  private final Vertx vertx;

  @Inject
  ItemStreams(
      Sieves sieves,
      StreamSettings settings,
      Limits limits,
      ServiceLife life,
      Clock clock,
      Vertx vertx) {
    this.sieves = sieves;
    this.settings = settings;
    this.limits = limits;
    this.life = life;
    this.clock = clock;
    this.vertx = vertx;
  }

  /**
   * Begins to read.
   *
   * @param caller gets the items that pass
   * @return takes what the caller sends
   */
  public StreamObserver<DedupStreamRequest> open(StreamObserver<DedupStreamResponse> caller) {
    return ItemStream.start(
        (ServerCallStreamObserver<DedupStreamResponse>) caller,
        vertx.getOrCreateContext(),
        sieves,
        settings,
        limits.keyBytes(),
        clock,
        life::isServing);
  }
}
