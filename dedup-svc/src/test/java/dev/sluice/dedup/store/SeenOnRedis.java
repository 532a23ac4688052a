package dev.sluice.dedup.store;

import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The store of the only shard on a real server, and who drives it. */
final class SeenOnRedis implements AutoCloseable {
  static final RedisSettings SETTINGS =
      new RedisSettings(Duration.ofSeconds(10), 5, Duration.ofMillis(100));

  private final RedisStores stores;
  private final SeenDriver driver;

  SeenOnRedis(String address, KeyForm form) {
    this(address, form, SeenOnRedis::machineNow);
  }

  SeenOnRedis(String address, KeyForm form, LongSupplier clock) {
    this.stores = new RedisStores(RedisAddress.of(address), SETTINGS, form, 1);
    this.driver = new SeenDriver(stores, clock);
  }

  SeenDriver driver() {
    return driver;
  }

  /** Waits until this machine's clock, which is the servers' too, stands there. */
  static void passTo(long instant) {
    Patience.until("an instant", () -> machineNow() >= instant);
  }

  static long machineNow() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  /** Goes on until some node is up or down. */
  void awaitNode(boolean up) {
    driver.until(
        up ? "a node that is up" : "a node that is down",
        () -> driver.store().status().nodes().stream().anyMatch(node -> node.up() == up));
  }

  @Override
  public void close() {
    stores.close();
  }
}
