package dev.sluice.limiter.store;

import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.testing.Patience;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Drives counters on Redis as the process that decides for Envoy does, by the test's thread. */
final class CountersDriver implements AutoCloseable {
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final RedisStores stores;
  private final WindowCounters counters;

  CountersDriver(String address) {
    this.stores =
        new RedisStores(RedisAddress.of(address), StoreDriver.SETTINGS, StoreDriver.ALWAYS_ASK);
    this.counters = stores.open(() -> wakes.add(true));
    sweep();
  }

  WindowCounters counters() {
    return counters;
  }

  /** Goes on until all answers have come. */
  void awaitAnswers() {
    counters.flush();
    until("all answers", () -> !counters.isWaiting());
  }

  /** Goes on until the engine is up or down. */
  void awaitReady(boolean ready) {
    until(
        ready ? "an engine that is up" : "an engine that is down",
        () -> counters.status().isReady() == ready);
  }

  private void until(String awaited, BooleanSupplier met) {
    var patience = new Patience(awaited);
    while (!met.getAsBoolean()) {
      patience.lasts();
      await();
    }
  }

  private void await() {
    try {
      if (wakes.poll(10, TimeUnit.MILLISECONDS) == null) {
        sweep();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    counters.collect();
    counters.flush();
  }

  private void sweep() {
    counters.sweep(System.nanoTime(), Instant.now());
  }

  @Override
  public void close() {
    stores.close();
  }
}
