package dev.sluice.service.grpc;

import dev.sluice.service.FieldError;
import dev.sluice.service.ProblemException;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has a service tell its callers of messages that are no protobuf as of any other bad input. gRPC
 * alone ends such a call with {@code UNKNOWN}, before anything of the service is asked, and logs it
 * as a fault of the service.
 */
public final class CheckedMessages {
  private CheckedMessages() {}

  /** What has come of reading a message. */
  private sealed interface Read<Q> {
    record Message<Q>(Q message) implements Read<Q> {}

    record Broken<Q>() implements Read<Q> {}
  }

  /** The same service. */
  public static ServerServiceDefinition of(ServerServiceDefinition service) {
    ServiceDescriptor plain = service.getServiceDescriptor();
    List<? extends ServerMethodDefinition<?, ?>> methods =
        service.getMethods().stream().map(CheckedMessages::checked).toList();
    var descriptor =
        ServiceDescriptor.newBuilder(plain.getName())
            .setSchemaDescriptor(plain.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    var checked = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(method -> checked.addMethod(method));
    return checked.build();
  }

  private static <Q, A> ServerMethodDefinition<Read<Q>, A> checked(
      ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> plain = method.getMethodDescriptor();
    ServerCallHandler<Q, A> handler = method.getServerCallHandler();
    return ServerMethodDefinition.create(
        plain.toBuilder(new Reader<>(plain.getRequestMarshaller()), plain.getResponseMarshaller())
            .build(),
        (call, headers) ->
            new Listener<>(handler.startCall(new PlainCall<>(call, plain), headers)));
  }

  /** Keeps what goes wrong until somebody can be told. */
  private record Reader<Q>(MethodDescriptor.Marshaller<Q> messages)
      implements MethodDescriptor.Marshaller<Read<Q>> {
    @Override
    public Read<Q> parse(InputStream stream) {
      try {
        return new Read.Message<>(messages.parse(stream));
      } catch (StatusRuntimeException broken) {
        return new Read.Broken<>();
      }
    }

    @Override
    public InputStream stream(Read<Q> read) {
      return switch (read) {
        case Read.Message<Q>(Q message) -> messages.stream(message);
        case Read.Broken<Q>() -> throw new IllegalStateException("it was never read");
      };
    }
  }

  /** Of a call that has ended with a broken message only its end is told on. */
  private static final class Listener<Q> extends ServerCall.Listener<Read<Q>> {
    private final ServerCall.Listener<Q> listener;
    private boolean isBroken;

    Listener(ServerCall.Listener<Q> listener) {
      this.listener = listener;
    }

    @Override
    public void onMessage(Read<Q> read) {
      if (isBroken) {
        return;
      }
      switch (read) {
        case Read.Message<Q>(Q message) -> listener.onMessage(message);
        case Read.Broken<Q>() -> {
          isBroken = true;
          throw ProblemException.invalid(
              List.of(new FieldError("message", null, "must be protobuf")));
        }
      }
    }

    @Override
    public void onHalfClose() {
      if (!isBroken) {
        listener.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      listener.onCancel();
    }

    @Override
    public void onComplete() {
      listener.onComplete();
    }

    @Override
    public void onReady() {
      listener.onReady();
    }
  }

  /** The call as the service knows it. */
  private static final class PlainCall<Q, A> extends ServerCall<Q, A> {
    private final ServerCall<Read<Q>, A> call;
    private final MethodDescriptor<Q, A> method;

    PlainCall(ServerCall<Read<Q>, A> call, MethodDescriptor<Q, A> method) {
      this.call = call;
      this.method = method;
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
      return method;
    }

    @Override
    public void request(int messages) {
      call.request(messages);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      call.sendHeaders(headers);
    }

    @Override
    public void sendMessage(A message) {
      call.sendMessage(message);
    }

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void setOnReadyThreshold(int bytes) {
      call.setOnReadyThreshold(bytes);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      call.close(status, trailers);
    }

    @Override
    public boolean isCancelled() {
      return call.isCancelled();
    }

    @Override
    public void setMessageCompression(boolean enabled) {
      call.setMessageCompression(enabled);
    }

    @Override
    public void setCompression(String compressor) {
      call.setCompression(compressor);
    }

    @Override
    public SecurityLevel getSecurityLevel() {
      return call.getSecurityLevel();
    }

    @Override
    public Attributes getAttributes() {
      return call.getAttributes();
    }

    @Override
    public @Nullable String getAuthority() {
      return call.getAuthority();
    }
  }
}
