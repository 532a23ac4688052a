package dev.sluice.dedup.store.claims;

import dev.sluice.dedup.store.KeyForm;
import dev.sluice.dedup.store.RedisStores;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A store of claims on a real server, driven as a shard's process does, by the test's thread. */
final class ClaimsOnRedis implements AutoCloseable {
  private static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(10), 5, Duration.ofMillis(100));

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final RedisStores stores;
  private final ClaimStore store;

  ClaimsOnRedis(String address, KeyForm form) {
    this.stores = new RedisStores(RedisAddress.of(address), SETTINGS, form, 1);
    this.store = stores.openClaims(Duration.ofMillis(10), () -> wakes.add(true));
  }

  ClaimStore store() {
    return store;
  }

  /** By this machine's clock, which is the servers' too. */
  long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  ClaimOutcome ask(ClaimOperation operation) {
    List<ClaimOutcome> outcomes = new ArrayList<>();
    store.submit(operation, now(), outcomes::add);
    store.flush();
    awaitAnswers();
    return outcomes.getFirst();
  }

  /** Goes on until all answers have come. */
  void awaitAnswers() {
    until("all answers", () -> !store.isWaiting());
  }

  void awaitInstant(long nanos) {
    until("an instant", () -> now() >= nanos);
  }

  /** Goes on until the engine is up or down. */
  void awaitReady(boolean ready) {
    until(
        ready ? "an engine that is up" : "an engine that is down",
        () -> store.status().isReady() == ready);
  }

  private void until(String awaited, BooleanSupplier met) {
    var patience = new Patience(awaited);
    while (!met.getAsBoolean()) {
      patience.lasts();
      turn();
    }
  }

  /** Waits for what the store wakes its shard for, or for its next look at the time. */
  private void turn() {
    try {
      if (wakes.poll(5, TimeUnit.MILLISECONDS) == null) {
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
