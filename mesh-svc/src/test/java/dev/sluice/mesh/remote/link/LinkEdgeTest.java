package dev.sluice.mesh.remote.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.mesh.link.grpc.MembershipGrpc;
import dev.sluice.mesh.link.grpc.WorkGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is no message at all, to the service as it runs. */
@QuarkusTest
class LinkEdgeTest {
  /** The length that it says is longer than what follows. */
  private static final byte[] NO_PROTOBUF = {0x0a, 0x7f, 1, 2, 3};

  @GrpcClient("mesh")
  Channel channel;

  @Inject ServerStreams streams;

  @Test
  void bytesThatAreNoProtobuf() throws Exception {
    for (MethodDescriptor<?, ?> method :
        List.of(
            MembershipGrpc.getJoinWorkerMethod(),
            MembershipGrpc.getJoinRouterMethod(),
            MembershipGrpc.getBeatsMethod(),
            WorkGrpc.getWorkMethod())) {
      Status status = send(method);
      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
      assertTrue(
          String.valueOf(status.getDescription()).contains("must be protobuf"), status.toString());
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (streams.count() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(0, streams.count(), "links that are left");
  }

  private Status send(MethodDescriptor<?, ?> method) throws Exception {
    var bytes =
        MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
            .setType(method.getType())
            .setFullMethodName(method.getFullMethodName())
            .build();
    var ended = new CompletableFuture<Status>();
    StreamObserver<byte[]> call =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(bytes, CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(byte[] message) {}

              @Override
              public void onError(Throwable broken) {
                ended.complete(Status.fromThrowable(broken));
              }

              @Override
              public void onCompleted() {
                ended.complete(Status.OK);
              }
            });
    call.onNext(NO_PROTOBUF);
    return ended.get(20, TimeUnit.SECONDS);
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
