package dev.sluice.dedup.api;

import dev.sluice.dedup.api.stream.ItemStreams;
import dev.sluice.dedup.grpc.CountRequest;
import dev.sluice.dedup.grpc.CountResponse;
import dev.sluice.dedup.grpc.DedupBatchRequest;
import dev.sluice.dedup.grpc.DedupBatchResponse;
import dev.sluice.dedup.grpc.DedupRequest;
import dev.sluice.dedup.grpc.DedupResponse;
import dev.sluice.dedup.grpc.DedupStreamRequest;
import dev.sluice.dedup.grpc.DedupStreamResponse;
import dev.sluice.dedup.grpc.DeduplicatorGrpc;
import dev.sluice.dedup.grpc.ForgetRequest;
import dev.sluice.dedup.grpc.ForgetResponse;
import dev.sluice.dedup.grpc.PeekRequest;
import dev.sluice.dedup.grpc.PeekResponse;
import dev.sluice.service.grpc.Grpc;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/** {@code sluice.dedup.v1.Deduplicator}. */
@GrpcService
public class DedupGrpc extends DeduplicatorGrpc.DeduplicatorImplBase {
  private final DedupOperation dedup;
  private final KeyOperation keys;
  private final ItemStreams streams;

  @Inject
  DedupGrpc(DedupOperation dedup, KeyOperation keys, ItemStreams streams) {
    this.dedup = dedup;
    this.keys = keys;
    this.streams = streams;
  }

  @Override
  public void dedup(DedupRequest message, StreamObserver<DedupResponse> caller) {
    Grpc.answerPending(
        caller, dedup.dedup(ProtoRequests.dedup(message)).thenApply(ProtoAnswers::dedup));
  }

  @Override
  public void dedupBatch(DedupBatchRequest message, StreamObserver<DedupBatchResponse> caller) {
    Grpc.answerPending(
        caller, dedup.dedup(ProtoRequests.batch(message)).thenApply(ProtoAnswers::batch));
  }

  @Override
  public void peek(PeekRequest message, StreamObserver<PeekResponse> caller) {
    Grpc.answerPending(
        caller, keys.peek(ProtoRequests.peek(message)).thenApply(ProtoAnswers::peek));
  }

  @Override
  public void forget(ForgetRequest message, StreamObserver<ForgetResponse> caller) {
    Grpc.answerPending(
        caller,
        keys.forget(ProtoRequests.forget(message))
            .thenApply(_ -> ForgetResponse.getDefaultInstance()));
  }

  @Override
  public void count(CountRequest message, StreamObserver<CountResponse> caller) {
    Grpc.answerPending(
        caller, keys.count(ProtoRequests.count(message)).thenApply(ProtoAnswers::count));
  }

  @Override
  public StreamObserver<DedupStreamRequest> dedupStream(
      StreamObserver<DedupStreamResponse> caller) {
    return streams.open(caller);
  }
}
