package dev.sluice.limiter.api;

import dev.sluice.limiter.grpc.AcquireBatchRequest;
import dev.sluice.limiter.grpc.AcquireBatchResponse;
import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.grpc.AcquireResponse;
import dev.sluice.limiter.grpc.AcquireStreamRequest;
import dev.sluice.limiter.grpc.AcquireStreamResponse;
import dev.sluice.limiter.grpc.BalanceRequest;
import dev.sluice.limiter.grpc.BalanceResponse;
import dev.sluice.limiter.grpc.GetPoliciesRequest;
import dev.sluice.limiter.grpc.GetPoliciesResponse;
import dev.sluice.limiter.grpc.RateLimiterGrpc;
import dev.sluice.limiter.grpc.ResetRequest;
import dev.sluice.service.grpc.Grpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;

/** {@code sluice.limiter.v1.RateLimiter}. */
@GrpcService
public class LimiterGrpc extends RateLimiterGrpc.RateLimiterImplBase {
  private final AcquireOperation acquire;
  private final BalanceOperation balance;
  private final PoliciesOperation policies;
  private final Vertx vertx;
  private final StreamSettings streams;

  @Inject
  LimiterGrpc(
      AcquireOperation acquire,
      BalanceOperation balance,
      PoliciesOperation policies,
      Vertx vertx,
      StreamSettings streams) {
    this.acquire = acquire;
    this.balance = balance;
    this.policies = policies;
    this.vertx = vertx;
    this.streams = streams;
  }

  @Override
  public void acquire(AcquireRequest message, StreamObserver<AcquireResponse> caller) {
    Grpc.answerPending(
        caller, acquire.acquire(ProtoRequests.acquire(message)).thenApply(ProtoAnswers::acquired));
  }

  @Override
  public void acquireBatch(
      AcquireBatchRequest message, StreamObserver<AcquireBatchResponse> caller) {
    Grpc.answerPending(
        caller, acquire.acquire(ProtoRequests.batch(message)).thenApply(ProtoAnswers::batch));
  }

  @Override
  public StreamObserver<AcquireStreamRequest> acquireStream(
      StreamObserver<AcquireStreamResponse> caller) {
    return AcquireStream.start(
        acquire,
        (ServerCallStreamObserver<AcquireStreamResponse>) caller,
        vertx.getOrCreateContext(),
        streams.window());
  }

  @Override
  public void peek(BalanceRequest message, StreamObserver<BalanceResponse> caller) {
    Grpc.answerPending(
        caller, balance.peek(ProtoRequests.balance(message)).thenApply(ProtoAnswers::balance));
  }

  @Override
  public void release(BalanceRequest message, StreamObserver<BalanceResponse> caller) {
    Grpc.answerPending(
        caller, balance.release(ProtoRequests.balance(message)).thenApply(ProtoAnswers::balance));
  }

  @Override
  public void reset(ResetRequest message, StreamObserver<BalanceResponse> caller) {
    Grpc.answerPending(
        caller, balance.reset(ProtoRequests.reset(message)).thenApply(ProtoAnswers::balance));
  }

  @Override
  public void getPolicies(GetPoliciesRequest message, StreamObserver<GetPoliciesResponse> caller) {
    Grpc.answerPending(caller, policies.policies().thenApply(ProtoAnswers::policies));
  }
}
