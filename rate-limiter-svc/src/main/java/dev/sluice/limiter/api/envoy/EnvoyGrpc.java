package dev.sluice.limiter.api.envoy;

import dev.sluice.csp.ChannelClosedException;
import dev.sluice.limiter.process.envoy.EnvoyDecision;
import dev.sluice.limiter.process.envoy.EnvoyLimiter;
import dev.sluice.service.Pending;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc.RateLimitServiceImplBase;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.ExceptionHandlerProvider;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** {@code envoy.service.ratelimit.v3.RateLimitService}, which Envoy asks. */
@GrpcService
public class EnvoyGrpc extends RateLimitServiceImplBase {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Optional<EnvoyLimiter> limiter;
  private final EnvoyResponses responses;
  private final ExceptionHandlerProvider failures;

  @Inject
  EnvoyGrpc(
      Optional<EnvoyLimiter> limiter, EnvoyRendering rendering, ExceptionHandlerProvider failures) {
    this.limiter = limiter;
    this.responses = new EnvoyResponses(rendering);
    this.failures = failures;
  }

  @Override
  public void shouldRateLimit(RateLimitRequest message, StreamObserver<RateLimitResponse> caller) {
    decide(message)
        .answer()
        .whenComplete((response, failure) -> {
          if (failure == null) {
            caller.onNext(response);
            caller.onCompleted();
          } else {
            caller.onError(failures.transform(failure));
          }
        });
  }

  private Pending<RateLimitResponse> decide(RateLimitRequest message) {
    EnvoyLimiter envoy =
        limiter.orElseThrow(() ->
            new ProblemException(
                ProblemType.NOT_FOUND,
                "no rate limit configuration loaded: sluice.limiter.envoy.config is not set"));
    try {
      return Pending.of(
          envoy.decide(EnvoyRequests.of(message)), decision -> response(message, decision));
    } catch (ChannelClosedException closed) {
      throw new ProblemException(ProblemType.DRAINING, "the limiter takes no new requests", closed)
          .retryAfter(SOON);
    }
  }

  private RateLimitResponse response(RateLimitRequest message, EnvoyDecision decision) {
    return switch (decision) {
      case EnvoyDecision.Decided decided -> responses.of(message, decided);
      case EnvoyDecision.CountersFull(String reason) ->
          throw new ProblemException(ProblemType.STORE_FULL, reason).retryAfter(SOON);
      case EnvoyDecision.StoreUnavailable(String reason, Duration retryAfter) ->
          throw new ProblemException(ProblemType.STORE_UNAVAILABLE, reason).retryAfter(retryAfter);
      case EnvoyDecision.NoRoom(String reason) ->
          throw new ProblemException(ProblemType.OVERLOADED, reason).retryAfter(SOON);
    };
  }
}
