package dev.sluice.service.grpc;

import dev.sluice.service.Pending;
import io.grpc.Context;
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

  /**
   * As {@link #answer}, for a caller who may have to wait: the answer is abandoned when the call is
   * cancelled, or its connection ends, before it has come.
   */
  public static <T> Uni<T> answerPending(Supplier<Pending<T>> ask) {
    return answer(() -> {
      Pending<T> pending = ask.get();
      Context.current().addListener(_ -> pending.abandon(), Runnable::run);
      return pending.answer();
    });
  }
}
