package dev.sluice.service.grpc;

import com.google.rpc.Status;
import dev.sluice.service.Pending;
import dev.sluice.service.Problems;
import io.grpc.Context;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Uni;
import java.util.Objects;
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

  /**
   * As {@link #answerPending(Supplier)}, for a service that is given its caller, on grpc-java's own
   * base class. To be called before the method returns; what is thrown before that becomes a status
   * too.
   */
  public static <T> void answerPending(StreamObserver<T> caller, Pending<T> pending) {
    ((ServerCallStreamObserver<T>) caller).setOnCancelHandler(pending::abandon);
    pending
        .answer()
        .whenComplete((answer, failure) -> {
          if (failure == null) {
            caller.onNext(answer);
            caller.onCompleted();
          } else {
            caller.onError(GrpcStatus.of(Problems.of(failure, "gRPC call")));
          }
        });
  }

  /** A failure as the status that a call would end with, for one answer among several. */
  public static Status status(Throwable failure) {
    return Objects.requireNonNull(
        StatusProto.fromThrowable(GrpcStatus.of(Problems.of(failure, "gRPC call"))));
  }
}
