package dev.sluice.service.sample;

import dev.sluice.service.Inputs;
import dev.sluice.service.grpc.Grpc;
import dev.sluice.service.sample.v1.Samples;
import dev.sluice.service.sample.v1.TakeReply;
import dev.sluice.service.sample.v1.TakeRequest;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The gRPC twin of {@link SampleResource}. */
@GrpcService
class SampleGrpc implements Samples {
  private final Inputs inputs;

  SampleGrpc(Inputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public Uni<TakeReply> take(TakeRequest request) {
    return switch (request.getFailure()) {
      case "thrown" -> throw SampleResource.limited();
      case "unexpected" -> throw new IllegalStateException("secret: 42");
      case "stage" ->
          Grpc.answer(() ->
              CompletableFuture.failedFuture(new CompletionException(SampleResource.limited())));
      default -> Grpc.answer(() -> CompletableFuture.completedFuture(valid(request)));
    };
  }

  @Override
  public Multi<TakeReply> takeMany(TakeRequest request) {
    return Multi.createFrom().items(valid(request), valid(request));
  }

  private TakeReply valid(TakeRequest request) {
    var record =
        new SampleRequest(
            request.getKey(),
            request.getCount(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return TakeReply.newBuilder().setKey(inputs.valid(record).key()).build();
  }
}
