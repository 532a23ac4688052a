package dev.sluice.dedup.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;

/** What a gRPC failure says beside its code and message. */
public final class GrpcDetails {
  private GrpcDetails() {}

  public static <T extends Message> T of(StatusRuntimeException failure, Class<T> type)
      throws InvalidProtocolBufferException {
    for (var each : Objects.requireNonNull(StatusProto.fromThrowable(failure)).getDetailsList()) {
      if (each.is(type)) {
        return each.unpack(type);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + failure);
  }
}
