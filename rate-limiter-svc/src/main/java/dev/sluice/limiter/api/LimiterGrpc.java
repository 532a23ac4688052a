package dev.sluice.limiter.api;

import dev.sluice.limiter.grpc.AcquireResponse;
import dev.sluice.limiter.grpc.Limit;
import dev.sluice.limiter.grpc.RateLimiter;
import dev.sluice.limiter.process.Algorithm;
import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.List;

/** {@code sluice.limiter.v1.RateLimiter}. */
@GrpcService
public class AcquireGrpc implements RateLimiter {
  private final AcquireOperation operation;

  @Inject
  AcquireGrpc(AcquireOperation operation) {
    this.operation = operation;
  }

  @Override
  public Uni<AcquireResponse> acquire(dev.sluice.limiter.grpc.AcquireRequest message) {
    return Grpc.answerPending(
        () -> operation.acquire(request(message)).thenApply(AcquireGrpc::response));
  }

  private static AcquireRequest request(dev.sluice.limiter.grpc.AcquireRequest message) {
    return new AcquireRequest(
        message.getKey(),
        message.hasPermits() ? message.getPermits() : null,
        message.hasPolicy() ? message.getPolicy() : null,
        message.hasLimit() ? limit(message.getLimit()) : null,
        message.hasWait() ? ProtoDurations.of("wait", message.getWait()) : null);
  }

  private static AcquireRequest.Limit limit(Limit limit) {
    return new AcquireRequest.Limit(
        algorithm(limit.getAlgorithm()),
        limit.getRate(),
        limit.hasPer() ? ProtoDurations.of("limit.per", limit.getPer()) : null,
        limit.hasUnit() ? limit.getUnit() : null,
        limit.hasBurst() ? limit.getBurst() : null);
  }

  private static Algorithm algorithm(dev.sluice.limiter.grpc.Algorithm algorithm) {
    return switch (algorithm) {
      case TOKEN_BUCKET -> Algorithm.TOKEN_BUCKET;
      case SLIDING_WINDOW -> Algorithm.SLIDING_WINDOW;
      case FIXED_WINDOW -> Algorithm.FIXED_WINDOW;
      case UNRECOGNIZED ->
          throw ProblemException.invalid(
              List.of(
                  new FieldError(
                      "limit.algorithm",
                      null,
                      "must be TOKEN_BUCKET, SLIDING_WINDOW or FIXED_WINDOW")));
    };
  }

  private static AcquireResponse response(AcquireAnswer answer) {
    return AcquireResponse.newBuilder()
        .setKey(answer.key())
        .setPermits(answer.permits())
        .setLimit(answer.limit())
        .setRemaining(answer.remaining())
        .setWaited(ProtoDurations.of(answer.waited()))
        .setResetAfter(ProtoDurations.of(answer.resetAfter()))
        .build();
  }
}
