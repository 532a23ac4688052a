package dev.sluice.limiter.store;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.Fingerprint;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Drives one store on Redis as a shard's process does, by the thread of the test. */
final class StoreDriver implements AutoCloseable {
  static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(2), 5, Duration.ofMillis(100));
  static final RefusalSettings ALWAYS_ASK = new RefusalSettings(Duration.ZERO, 1000);
  private static final Fingerprint.Secret SECRET = new Fingerprint.Secret(1, 2);

  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final long start = System.nanoTime();
  private final RedisStores stores;
  private final LimitStore store;
  private Duration ahead = Duration.ZERO;

  StoreDriver(String address, RedisSettings settings) {
    this(address, settings, ALWAYS_ASK);
  }

  StoreDriver(String address, RedisSettings settings, RefusalSettings refusals) {
    this.stores = new RedisStores(RedisAddress.of(address), settings, refusals);
    this.store = stores.open(0, () -> wakes.add(true));
    store.sweep(now());
  }

  LimitStore store() {
    return store;
  }

  long now() {
    return Duration.ofDays(20_000).plus(ahead).toNanos() + System.nanoTime() - start;
  }

  /** Moves the shard's clock, not the server's. */
  void advance(Duration by) {
    ahead = ahead.plus(by);
    store.sweep(now());
  }

  /** Goes on until all answers have come. */
  void awaitAnswers() {
    store.flush();
    until("all answers", () -> !store.isWaiting());
  }

  /** Goes on until a node is up or down. */
  void awaitNode(boolean up) {
    until(
        up ? "a node that is up" : "a node that is down",
        () -> store.status().nodes().stream().anyMatch(node -> node.up() == up));
  }

  /** Goes on until all nodes are up. */
  void awaitAllNodes() {
    until("all nodes are up", () -> store.status().nodes().stream().allMatch(StoreStatus.Node::up));
  }

  /** Goes on until it is so. */
  void until(String awaited, BooleanSupplier met) {
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

  Outcome ask(String key, Limit limit, Kind kind, long permits) {
    List<Outcome> outcomes = new ArrayList<>();
    submit(key, limit, kind, permits, outcomes);
    awaitAnswers();
    return outcomes.getFirst();
  }

  void submit(String key, Limit limit, Kind kind, long permits, List<Outcome> outcomes) {
    LimitKey limited = LimitKey.of("test", key, limit, Fingerprint.of(SECRET, "test", key));
    store.submit(new Operation(limited, kind, permits), now(), outcomes::add);
  }

  @Override
  public void close() {
    stores.close();
  }
}
