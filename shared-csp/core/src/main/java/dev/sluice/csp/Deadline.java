package dev.sluice.csp;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The end of one thread's wait: started, used and released by the thread that waits; may be started
 * again. It is what the thread parks on, so that a dump can tell that the wait ends by itself.
 */
final class Deadline {
  private static final long FOREVER =
      Long.MAX_VALUE / 2; // 146 years; half, so that differences do not overflow
  private static final Duration LONGEST = Duration.ofNanos(FOREVER);

  private final Clock clock;
  private long at;
  private Clock.@Nullable Alarm alarm;
  private @Nullable Object waitsOn;

  Deadline(Clock clock) {
    this.clock = clock;
  }

  void start(Duration limit) {
    at = clock.nanos() + nanos(limit);
    if (!(clock instanceof SystemClock)) { // there the thread parks with a time-out: cheaper
      Thread waiter = Thread.currentThread();
      alarm = clock.schedule(at, () -> LockSupport.unpark(waiter));
    }
  }

  boolean hasPassed() {
    return at - clock.nanos() <= 0;
  }

  /** Parks, waiting for {@code blocker}, until the time is there at the latest. */
  void park(Object blocker) {
    waitsOn = blocker;
    if (clock instanceof SystemClock) {
      LockSupport.parkNanos(this, at - clock.nanos());
    } else {
      LockSupport.park(this);
    }
  }

  /** What the thread waits for besides the time; read by others, so it may be of another moment. */
  @Nullable Object waitsOn() {
    return waitsOn;
  }

  void release() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  /** The duration in nanoseconds, at least 0 and at most 146 years. */
  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.compareTo(LONGEST) >= 0 ? FOREVER : duration.toNanos();
  }
}
