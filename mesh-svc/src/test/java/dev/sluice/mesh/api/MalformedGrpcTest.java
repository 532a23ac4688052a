package dev.sluice.mesh.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import dev.sluice.csp.Channel;
import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.MeshGrpc.MeshBlockingStub;
import dev.sluice.mesh.link.grpc.MembershipGrpc;
import dev.sluice.mesh.link.grpc.WorkGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers over gRPC are told that send what is no protobuf. */
@QuarkusTest
@Timeout(120)
class MalformedGrpcTest {
  /** A field of five bytes, of which there is one. */
  private static final byte[] MALFORMED = {0x0a, 0x05, 'a'};

  @GrpcClient("mesh")
  MeshBlockingStub mesh;

  @Test
  void itIsInvalidArgument() throws Exception {
    for (MethodDescriptor<?, ?> method :
        List.of(
            MeshGrpc.getRequestMethod(),
            MeshGrpc.getPipelineMethod(),
            MeshGrpc.getWatchMeshMethod(),
            MembershipGrpc.getJoinWorkerMethod(),
            WorkGrpc.getWorkMethod())) {
      StatusRuntimeException refused = send(method);
      assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), method::toString);
      assertTrue(
          String.valueOf(refused.getStatus().getDescription()).contains("must be protobuf"),
          refused.getMessage());
      assertEquals(
          "INVALID_INPUT",
          StatusProto.fromThrowable(refused).getDetails(0).unpack(ErrorInfo.class).getReason());
    }
  }

  private StatusRuntimeException send(MethodDescriptor<?, ?> method) throws InterruptedException {
    Channel<StatusRuntimeException> ended = Channel.buffered(1);
    ClientCall<byte[], byte[]> call = mesh.getChannel().newCall(raw(method), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.trySend(status.asRuntimeException(trailers));
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(MALFORMED);
    call.halfClose();
    return ended.receive();
  }

  private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(method.getType())
        .setFullMethodName(method.getFullMethodName())
        .build();
  }

  /** Leaves messages as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
