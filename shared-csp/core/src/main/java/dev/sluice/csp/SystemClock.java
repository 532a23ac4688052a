package dev.sluice.csp;

import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The machine's clock. Its alarms run on one daemon thread that ends when there has been none for a
 * while.
 */
final class SystemClock implements Clock {
  static final SystemClock INSTANCE = new SystemClock();

  private final ScheduledThreadPoolExecutor alarms;

  private SystemClock() {
    alarms =
        new ScheduledThreadPoolExecutor(
            1, action -> Thread.ofPlatform().daemon().name("sluice-clock").unstarted(action));
    alarms.setRemoveOnCancelPolicy(true); // a cancelled alarm holds no memory
    alarms.setKeepAliveTime(10, TimeUnit.SECONDS);
    alarms.allowCoreThreadTimeOut(true);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    var scheduled = alarms.schedule(() -> run(action), atNanos - nanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  /**
   * An executor keeps what a task throws to itself; whoever watches uncaught exceptions shall see
   * it.
   */
  private static void run(Runnable action) {
    try {
      action.run();
    } catch (Throwable thrown) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
  }
}
