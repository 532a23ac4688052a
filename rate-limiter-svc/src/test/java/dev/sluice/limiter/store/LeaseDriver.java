package dev.sluice.limiter.store;

import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Drives one store of leases on Redis as a shard's process does, by the thread of the test. */
final class LeaseDriver implements AutoCloseable {
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final RedisStores stores;
  private final LeaseStore store;

  LeaseDriver(String address) {
    this.stores =
        new RedisStores(RedisAddress.of(address), StoreDriver.SETTINGS, StoreDriver.ALWAYS_ASK);
    this.store = stores.openLeases(Duration.ofMillis(10), () -> wakes.add(true));
  }

  LeaseStore store() {
    return store;
  }

  /** By this machine's clock, which is the servers' too. */
  long now() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  /** Goes on until all answers have come. */
  void awaitAnswers() {
    until("all answers", () -> !store.isWaiting());
  }

  void awaitInstant(long nanos) {
    until("an instant", () -> now() >= nanos);
  }

  private void until(String awaited, BooleanSupplier met) {
    var patience = new Patience(awaited);
    while (!met.getAsBoolean()) {
      patience.lasts();
      await();
    }
  }

  /** Waits for what the store wakes its shard for, or for its next look at the time. */
  private void await() {
    try {
      if (wakes.poll(10, TimeUnit.MILLISECONDS) == null) {
        store.sweep(now());
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    store.collect();
    store.flush();
  }

  @Override
  public void close() {
    stores.close();
  }
}
