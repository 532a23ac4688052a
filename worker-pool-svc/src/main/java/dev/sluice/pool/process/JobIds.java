package dev.sluice.pool.process;

import dev.sluice.csp.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes the ids of jobs: UUIDs of version 7, each greater than all before, also within a
 * millisecond and when the clock goes back.
 *
 * <p>A counter of 12 bits follows the milliseconds (<a
 * href="https://www.rfc-editor.org/rfc/rfc9562#section-6.2">RFC 9562, 6.2, method 1</a>). It begins
 * anywhere in its lower half; when it overflows, the id's milliseconds run ahead of the clock.
 */
final class JobIds {
  private static final int COUNTER_MAX = 0xFFF;
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final Clock clock;
  private final RandomGenerator random;
  private long millis = -1;
  private int counter;

  JobIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  UUID next() {
    long now = clock.instant().toEpochMilli();
    if (now > millis) {
      begin(now);
    } else if (counter == COUNTER_MAX) {
      begin(millis + 1);
    } else {
      counter++;
    }
    return new UUID(millis << 16 | VERSION | counter, VARIANT | random.nextLong() >>> 2);
  }

  private void begin(long at) {
    millis = at;
    counter = random.nextInt(COUNTER_MAX / 2 + 1);
  }
}
