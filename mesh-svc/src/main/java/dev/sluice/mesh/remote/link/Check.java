package dev.sluice.mesh.remote.link;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.sluice.service.FieldError;
import dev.sluice.service.Keys;
import dev.sluice.service.ProblemException;
import dev.sluice.service.grpc.ProtoDurations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What messages of others may hold. */
final class Check {
  /** The longest name of a member, group or op. */
  static final int NAME_BYTES = 256;

  /** The longest key or id that a link carries; the service that takes requests sets its own. */
  static final int KEY_BYTES = 1 << 16;

  static final int MOST_SHARDS = 1 << 16;

  private Check() {}

  static String name(String field, String name) {
    return text(field, name, NAME_BYTES);
  }

  static String key(String field, String key) {
    return text(field, key, KEY_BYTES);
  }

  private static String text(String field, String text, int bytes) {
    String complaint = Keys.complaint(text, bytes);
    if (complaint != null) {
      throw ProblemException.invalid(field, text, complaint);
    }
    return text;
  }

  static int shard(int shard) {
    return (int) within("shard", shard, 0, MOST_SHARDS - 1);
  }

  static long epoch(long epoch) {
    return within("epoch", epoch, 1, Long.MAX_VALUE);
  }

  static long within(String field, long number, long least, long most) {
    if (number < least || number > most) {
      throw ProblemException.invalid(
          field,
          number,
          most == Long.MAX_VALUE
              ? "must be at least " + least
              : "must be from " + least + " to " + most);
    }
    return number;
  }

  static Duration positive(String field, com.google.protobuf.Duration message) {
    Duration duration = ProtoDurations.of(field, message);
    if (duration.isNegative() || duration.isZero()) {
      throw ProblemException.invalid(field, duration, "must be more than zero");
    }
    return duration;
  }

  static Instant instant(String field, Timestamp message) {
    if (!Timestamps.isValid(message)) {
      throw ProblemException.invalid(
          field,
          message.getSeconds() + "s and " + message.getNanos() + "ns",
          "must be a google.protobuf.Timestamp");
    }
    return Instant.ofEpochSecond(message.getSeconds(), message.getNanos());
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static ProblemException missing(String field) {
    return ProblemException.invalid(List.of(new FieldError(field, null, "is required")));
  }

  /** The first message has to be another, and comes once. */
  static ProblemException unexpected(String field) {
    return ProblemException.invalid(
        List.of(new FieldError(field, null, "must be the first message, and once")));
  }
}
