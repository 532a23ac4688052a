package dev.sluice.pool.api.grpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.sluice.service.ProblemException;
import dev.sluice.service.grpc.ProtoDurations;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as gRPC's messages have them. */
final class ProtoTimes {
  private ProtoTimes() {}

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /** As text, in which it is checked. */
  static @Nullable String instant(String field, boolean isThere, Timestamp message) {
    if (!isThere) {
      return null;
    }
    if (!Timestamps.isValid(message)) {
      throw ProblemException.invalid(
          field,
          message.getSeconds() + "s and " + message.getNanos() + "ns",
          "must be a google.protobuf.Timestamp");
    }
    return Instant.ofEpochSecond(message.getSeconds(), message.getNanos()).toString();
  }

  static @Nullable Duration duration(
      String field, boolean isThere, com.google.protobuf.Duration message) {
    return isThere ? ProtoDurations.of(field, message) : null;
  }
}
