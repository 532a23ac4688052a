package dev.sluice.service.grpc;

import dev.sluice.service.Problems;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Takes Quarkus's place where it makes a status of an exception, for all kinds of gRPC methods:
 * those that return a {@code Uni} or {@code Multi} and those that block come to {@link #transform},
 * what is thrown before a method is reached comes to the handler.
 */
@ApplicationScoped
class GrpcProblems implements ExceptionHandlerProvider {

  @Override
  public Throwable transform(Throwable failure) {
    return status(failure, "gRPC call");
  }

  @Override
  public <Q, A> ExceptionHandler<Q, A> createHandler(
      ServerCall.Listener<Q> listener, ServerCall<Q, A> call, Metadata metadata) {
    return new Handler<>(listener, call, metadata);
  }

  /** What is a status already was made one on purpose. */
  private static Throwable status(Throwable failure, String request) {
    return failure instanceof StatusRuntimeException || failure instanceof StatusException
        ? failure
        : GrpcStatus.of(Problems.of(failure, request));
  }

  private static final class Handler<Q, A> extends ExceptionHandler<Q, A> {
    Handler(ServerCall.Listener<Q> listener, ServerCall<Q, A> call, Metadata metadata) {
      super(listener, call, metadata);
    }

    @Override
    protected void handleException(Throwable failure, ServerCall<Q, A> call, Metadata metadata) {
      var name = call.getMethodDescriptor().getFullMethodName();
      var status = status(failure, name);
      var trailers = Status.trailersFromThrowable(status);
      call.close(Status.fromThrowable(status), trailers == null ? new Metadata() : trailers);
    }
  }
}
