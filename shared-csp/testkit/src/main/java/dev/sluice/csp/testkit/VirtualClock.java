package dev.sluice.csp.testkit;

import dev.sluice.csp.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it. Alarms run on the thread that calls {@link
 * #advance}, each at its own instant and in the order of their instants, before the call returns;
 * alarms that these set run too when they fall within the advance.
 *
 * <p>What an alarm wakes runs on its own thread, so a test that moves the clock waits for the
 * effect itself: it receives the value, or waits with {@link #awaitAlarms} until the process waits
 * for time again.
 *
 * <p>May be used by any thread.
 */
public final class VirtualClock implements Clock {
  /** Where every virtual clock begins. */
  public static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final NavigableSet<Scheduled> alarms = new TreeSet<>(Scheduled::compareInstants);
  private long now;
  private long nextNumber;

  /** A clock that stands at {@link #EPOCH}. */
  public VirtualClock() {}

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public synchronized Instant instant() {
    return EPOCH.plusNanos(now);
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    Scheduled alarm;
    synchronized (this) {
      if (atNanos - now > 0) {
        alarm = new Scheduled(atNanos, nextNumber++, action);
        alarms.add(alarm);
        notifyAll();
        return () -> cancel(alarm);
      }
    }
    action.run(); // due already
    return () -> {};
  }

  /**
   * Moves the clock on, running every alarm on the way. What an alarm throws is thrown here; the
   * clock then stands at that alarm's instant, and the later alarms are still set.
   *
   * @param by how far
   * @throws IllegalArgumentException {@code by} is negative
   * @throws ArithmeticException the clock would stand more than 292 years after {@link #EPOCH}
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not go back: " + by);
    }
    long target;
    synchronized (this) {
      target = Math.addExact(now, by.toNanos());
    }
    for (Scheduled due = nextUntil(target); due != null; due = nextUntil(target)) {
      due.action().run();
    }
  }

  /** {@return the number of alarms that are set} */
  public synchronized int alarms() {
    return alarms.size();
  }

  /**
   * Waits until so many alarms are set: each process that waits for time has one, and each ticker,
   * timer and deadline.
   *
   * @param count how many at least
   * @throws InterruptedException this thread was interrupted
   */
  public synchronized void awaitAlarms(int count) throws InterruptedException {
    while (alarms.size() < count) {
      wait();
    }
  }

  private synchronized void cancel(Scheduled alarm) {
    alarms.remove(alarm);
  }

  /**
   * Moves the clock to the next alarm until {@code target} and takes it out; when there is none, to
   * {@code target}.
   */
  private synchronized @Nullable Scheduled nextUntil(long target) {
    if (alarms.isEmpty() || alarms.first().at() - target > 0) {
      now = Math.max(now, target);
      return null;
    }
    Scheduled due = alarms.removeFirst();
    now = Math.max(now, due.at());
    return due;
  }

  private record Scheduled(long at, long number, Runnable action) {
    /** By the differences, for an instant 146 years ahead may be a negative number. */
    int compareInstants(Scheduled other) {
      return at == other.at ? Long.compare(number, other.number) : Long.signum(at - other.at);
    }
  }
}
