package dev.sluice.dedup.api;

import com.google.protobuf.Timestamp;
import dev.sluice.csp.Reply;
import dev.sluice.dedup.api.stream.ItemStreams;
import dev.sluice.dedup.grpc.DedupResponse;
import dev.sluice.dedup.grpc.DedupStreamRequest;
import dev.sluice.dedup.grpc.DedupStreamResponse;
import dev.sluice.dedup.grpc.DeduplicatorGrpc;
import dev.sluice.service.Pending;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import java.time.Instant;

/** {@code sluice.dedup.v1.Deduplicator}. */
@GrpcService
public class DedupGrpc extends DeduplicatorGrpc.DeduplicatorImplBase {
  private final DedupOperation operation;
  private final ItemStreams streams;

  @Inject
  DedupGrpc(DedupOperation operation, ItemStreams streams) {
    this.operation = operation;
    this.streams = streams;
  }

  @Override
  public void dedup(
      dev.sluice.dedup.grpc.DedupRequest message, StreamObserver<DedupResponse> caller) {
    Grpc.answerPending(
        caller,
        new Pending<>(
            operation.dedup(request(message)).thenApply(DedupGrpc::response), new Reply<>()));
  }

  @Override
  public StreamObserver<DedupStreamRequest> dedupStream(
      StreamObserver<DedupStreamResponse> caller) {
    return streams.open(caller);
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
