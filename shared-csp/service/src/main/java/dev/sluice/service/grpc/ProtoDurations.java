package dev.sluice.service.grpc;

import com.google.protobuf.util.Durations;
import dev.sluice.service.ProblemException;
import java.time.Duration;

/** Durations as gRPC messages have them. */
public final class ProtoDurations {
  private ProtoDurations() {}

  /**
   * Returns the duration in a message.
   *
   * @param field what the field is called in a problem
   * @throws ProblemException invalid-input if it is none: over 315,576,000,000 seconds either way,
   *     a second or more of nanoseconds, or two different signs
   */
  public static Duration of(String field, com.google.protobuf.Duration message) {
    if (!Durations.isValid(message)) {
      throw ProblemException.invalid(
          field,
          message.getSeconds() + "s and " + message.getNanos() + "ns",
          "must be a google.protobuf.Duration: at most 315576000000s, nanos below 1s and of the"
              + " same sign");
    }
    return Duration.ofSeconds(message.getSeconds(), message.getNanos());
  }

  /** Returns the message for a duration. */
  public static com.google.protobuf.Duration of(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
