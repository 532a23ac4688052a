package dev.sluice.csp;

import java.time.Instant;

/** A clock that stands, so that what tells the time can be compared. */
final class Noon {
  static final Clock CLOCK =
      new Clock() {
        @Override
        public long nanos() {
          return 0;
        }

        @Override
        public Instant instant() {
          return Instant.parse("2026-11-23T12:00:00Z");
        }

        @Override
        public Alarm schedule(long atNanos, Runnable action) {
          return () -> {};
        }
      };

  private Noon() {}
}
