package dev.sluice.pool.store.sql;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Instants as they are stored: milliseconds since 1970. */
final class Millis {
  private Millis() {}

  static @Nullable Long of(@Nullable Instant instant) {
    return instant == null ? null : (Long) instant.toEpochMilli();
  }

  static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  /** The earlier one; of null the other. */
  static @Nullable Long earlier(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.min(one, other);
  }
}
