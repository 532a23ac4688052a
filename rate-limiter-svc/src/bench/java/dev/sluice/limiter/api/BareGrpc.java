package dev.sluice.limiter.api;

import dev.sluice.limiter.grpc.AcquireRequest;
import dev.sluice.limiter.grpc.AcquireResponse;
import dev.sluice.limiter.grpc.RateLimiterGrpc;
import dev.sluice.service.grpc.ProtoDurations;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.stubs.ServerCalls;
import io.smallrye.mutiny.Uni;

/**
 * {@code sluice.limiter.bench.Bare/Acquire}: {@code RateLimiter/Acquire} without a decision, as
 * {@link BareResource} is {@code /acquire}. The code below is what Quarkus generates for a service
 * of its own.
 */
@GrpcService
public class BareGrpc implements BindableService {
  private static final String NAME = "sluice.limiter.bench.Bare";
  private static final MethodDescriptor<AcquireRequest, AcquireResponse> ACQUIRE =
      RateLimiterGrpc.getAcquireMethod().toBuilder()
          .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Acquire"))
          .setSchemaDescriptor(null)
          .build();
  private static final AcquireResponse ANSWER =
      AcquireResponse.newBuilder()
          .setKey(BareResource.ANSWER.key())
          .setPermits(BareResource.ANSWER.permits())
          .setLimit(BareResource.ANSWER.limit())
          .setRemaining(BareResource.ANSWER.remaining())
          .setWaited(ProtoDurations.of(BareResource.ANSWER.waited()))
          .setResetAfter(ProtoDurations.of(BareResource.ANSWER.resetAfter()))
          .build();

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(
            ACQUIRE,
            io.grpc.stub.ServerCalls.asyncUnaryCall((request, caller) ->
                ServerCalls.oneToOne(request, caller, null, _ -> Uni.createFrom().item(ANSWER))))
        .build();
  }
}
