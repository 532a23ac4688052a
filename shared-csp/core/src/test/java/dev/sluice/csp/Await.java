package dev.sluice.csp;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what other threads are about to do; fails when they do not. */
final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Await() {}

  @SuppressWarnings("ThreadPriorityCheck") // on one processor the others must run
  static void until(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError("has not come true within " + LIMIT);
      }
      Thread.yield();
    }
  }

  static void waitingSenders(Channel<?> channel, int count) {
    until(() -> channel.stats().waitingSenders() == count);
  }

  static void waitingReceivers(Channel<?> channel, int count) {
    until(() -> channel.stats().waitingReceivers() == count);
  }
}
