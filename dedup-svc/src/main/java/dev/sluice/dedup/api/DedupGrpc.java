package dev.sluice.dedup.api;

import com.google.protobuf.Timestamp;
import dev.sluice.dedup.grpc.DedupResponse;
import dev.sluice.dedup.grpc.Deduplicator;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Instant;

/** {@code sluice.dedup.v1.Deduplicator}. */
@GrpcService
public class DedupGrpc implements Deduplicator {
  private final DedupOperation operation;

  @Inject
  DedupGrpc(DedupOperation operation) {
    this.operation = operation;
  }

  @Override
  public Uni<DedupResponse> dedup(dev.sluice.dedup.grpc.DedupRequest message) {
    return Grpc.answer(() -> operation.dedup(request(message)).thenApply(DedupGrpc::response));
  }

  private static DedupRequest request(dev.sluice.dedup.grpc.DedupRequest message) {
    return new DedupRequest(
        message.getKey(),
        message.hasTtl() ? ProtoDurations.of("ttl", message.getTtl()) : null,
        message.hasNamespace() ? message.getNamespace() : null);
  }

  private static DedupResponse response(DedupAnswer answer) {
    return DedupResponse.newBuilder()
        .setFirst(answer.first())
        .setKey(answer.key())
        .setSeen(answer.seen())
        .setFirstSeenAt(timestamp(answer.firstSeenAt()))
        .setExpiresAt(timestamp(answer.expiresAt()))
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
