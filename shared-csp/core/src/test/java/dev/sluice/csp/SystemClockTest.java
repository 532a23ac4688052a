package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemClockTest {
  private final Clock clock = Clock.system();

  @Test
  void anAlarmRunsOnItsOwnDaemonThreadNotBeforeItsInstant() throws Exception {
    var rang = new Reply<Thread>();
    long at = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(2);
    clock.schedule(at, () -> rang.complete(Thread.currentThread()));
    Thread thread = rang.await();
    assertTrue(clock.nanos() - at >= 0);
    assertTrue(thread.isDaemon());
    assertEquals("sluice-clock", thread.getName());
  }

  @Test
  void anAlarmOfThePastRunsAtOnce() throws Exception {
    assertRings();
  }

  @Test
  void anAlarmThatFailsIsSeenAndTheClockGoesOn() throws Exception {
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    var seen = new Reply<Throwable>();
    var bad = new IllegalStateException("bad");
    Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> seen.complete(thrown));
    try {
      clock.schedule(
          clock.nanos(),
          () -> {
            throw bad;
          });
      assertSame(bad, seen.await());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
    assertRings();
  }

  @Test
  void aStoppedTimerHoldsNoMemory() {
    WeakReference<Object> channel = stoppedTimersChannel();
    Await.until(() -> {
      System.gc();
      return channel.refersTo(null);
    });
  }

  @Test
  void aClosedTickerHoldsNoMemory() {
    WeakReference<Object> channel = closedTickersChannel();
    Await.until(() -> {
      System.gc();
      return channel.refersTo(null);
    });
  }

  @Test
  void timersAndTickersGoByItWhenNothingElseIsSaid() throws Exception {
    Instant before = Instant.now();
    assertFalse(Timer.start(Duration.ofMillis(1)).channel().receive().isBefore(before));
    assertFalse(Timer.after(Duration.ofMillis(1)).receive().isBefore(before));
    try (var ticker = Ticker.every(Duration.ofMillis(1))) {
      assertFalse(ticker.channel().receive().isBefore(before));
      assertNotNull(ticker.channel().receive());
    }
  }

  private void assertRings() throws InterruptedException {
    var rang = new Reply<Boolean>();
    clock.schedule(clock.nanos() - 1, () -> rang.complete(true));
    assertTrue(rang.await());
  }

  private static WeakReference<Object> stoppedTimersChannel() {
    var timer = Timer.start(Duration.ofDays(1));
    assertTrue(timer.stop());
    return new WeakReference<>(timer.channel());
  }

  private static WeakReference<Object> closedTickersChannel() {
    var ticker = Ticker.every(Duration.ofDays(1));
    ticker.close();
    return new WeakReference<>(ticker.channel());
  }
}
