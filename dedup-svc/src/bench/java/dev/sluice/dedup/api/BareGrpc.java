package dev.sluice.dedup.api;

import dev.sluice.dedup.grpc.DedupRequest;
import dev.sluice.dedup.grpc.DedupResponse;
import dev.sluice.dedup.grpc.DeduplicatorGrpc;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.quarkus.grpc.GrpcService;

/**
 * {@code sluice.dedup.bench.Bare/Dedup}: {@code Deduplicator/Dedup} without a decision, as {@link
 * BareResource} is {@code /dedup}.
 */
@GrpcService
public class BareGrpc implements BindableService {
  private static final String NAME = "sluice.dedup.bench.Bare";
  private static final MethodDescriptor<DedupRequest, DedupResponse> DEDUP =
      DeduplicatorGrpc.getDedupMethod().toBuilder()
          .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Dedup"))
          .setSchemaDescriptor(null)
          .build();
  private static final DedupResponse ANSWER = ProtoAnswers.dedup(BareResource.ANSWER);

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(
            DEDUP,
            ServerCalls.asyncUnaryCall((_, caller) -> {
              caller.onNext(ANSWER);
              caller.onCompleted();
            }))
        .build();
  }
}
