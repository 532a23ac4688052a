package dev.sluice.service.grpc;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How a gRPC method does what its REST twin does. */
public final class Grpc {
  private Grpc() {}

  /**
   * Answers with what {@code ask} comes to. Whatever it throws or fails with becomes a status with
   * {@code google.rpc.ErrorInfo}.
   *
   * <pre>{@code
   * public Uni<AcquireReply> acquire(AcquireRequest request) {
   *   return Grpc.answer(() -> limiter.acquire(toRecord(request)).thenApply(Limits::toProto));
   * }
   * }</pre>
   */
  public static <T> Uni<T> answer(Supplier<CompletionStage<T>> ask) {
    return Uni.createFrom().completionStage(ask);
  }
}
