package dev.sluice.dedup.store;

import static dev.sluice.dedup.store.SeenDriver.extend;
import static dev.sluice.dedup.store.SeenDriver.key;
import static dev.sluice.dedup.store.SeenDriver.see;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.redis.RedisAddress;
import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real server. */
@Timeout(120)
class RedisSeenStoreTest extends SeenStoreContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private static RedisProcess server;

  private final SeenOnRedis redis = new SeenOnRedis(server.address(), KeyForm.HASHED);

  @BeforeAll
  static void start() {
    server = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Override
  SeenDriver driver() {
    return redis.driver();
  }

  @Override
  void passTo(long instant) {
    SeenOnRedis.passTo(instant);
  }

  @Test
  void goesOnWhenTheServerHasLostTheScripts() {
    SeenKey key = key("scripts", "k");
    driver().seen(see(key, HOUR));
    server.command("SCRIPT FLUSH");

    assertEquals(2, driver().seen(see(key, HOUR)).times());
    server.command("SCRIPT FLUSH");
    assertEquals(1, driver().count("scripts"));
  }

  @Test
  void twoInstancesShareTheKeys() {
    SeenKey key = key("shared", "k");
    SeenOutcome.Seen first = driver().seen(see(key, HOUR));
    try (var other = new SeenOnRedis(server.address(), KeyForm.HASHED)) {
      assertEquals(
          new SeenOutcome.Seen(2, first.firstSeenAt(), first.expiresAt()),
          other.driver().seen(see(key, HOUR)));
      other.driver().forget(key);
    }
    assertEquals(1, driver().seen(see(key, HOUR)).times());
  }

  @Test
  void nothingIsLeftOfWhatHasEnded() {
    server.command("FLUSHALL");
    driver().seen(see(key("ns", "ended"), Duration.ofMillis(20)));
    driver().seen(see(key("ns", "forgotten"), HOUR));
    driver().forget(key("ns", "forgotten"));

    Patience.until("an empty server", () -> server.command("DBSIZE").equals(":0"));
  }

  @Test
  void aKeyAndItsCountLiveAsLongAsTheWindow() {
    try (var verbatim = new SeenOnRedis(server.address(), KeyForm.VERBATIM)) {
      SeenKey key = key("ttl", "k");
      verbatim.driver().seen(see(key, HOUR));
      verbatim.driver().seen(extend(key, HOUR.multipliedBy(2)));
      verbatim.driver().seen(see(key, HOUR));
    }
    RedisKeys.Place place = new RedisKeys(KeyForm.VERBATIM).placeOf("ttl", "k");
    assertEquals("k:k", place.name());
    long least = HOUR.multipliedBy(2).minusMinutes(2).toMillis();
    long most = HOUR.multipliedBy(2).toMillis();
    long key = millisLeft("sluice:seen:" + place.tag() + "k:k");
    assertTrue(key > least && key <= most + 1, key + "ms");
    long counts = millisLeft("sluice:seen-counts:" + place.tag());
    assertTrue(counts > least && counts <= most + most / 64, counts + "ms");
  }

  private static long millisLeft(String key) {
    return Long.parseLong(server.command("PTTL " + key).substring(1));
  }

  @Test
  void ofAHashedKeyNothingCanBeReadAndItIsShort() {
    driver().seen(see(key("secret", "card-4711".repeat(100)), HOUR));

    RedisKeys.Place place =
        new RedisKeys(KeyForm.HASHED).placeOf("secret", "card-4711".repeat(100));
    assertEquals(24, place.name().length());
    assertEquals(":1", server.command("EXISTS sluice:seen:" + place.tag() + place.name()));
  }

  @Test
  void theShardsCountsAddUpToTheNamespace() {
    for (int i = 0; i < 200; i++) {
      driver().seen(see(key("parts", "k" + i), HOUR));
    }
    for (int shards : new int[] {1, 3, 16, 20}) {
      try (var stores =
          new RedisStores(
              RedisAddress.of(server.address()), SeenOnRedis.SETTINGS, KeyForm.HASHED, shards)) {
        long sum = IntStream.range(0, shards).mapToLong(shard -> countBy(stores, shard)).sum();
        assertEquals(200, sum, shards + " shards");
      }
    }
  }

  private static long countBy(RedisStores stores, int shard) {
    SeenStore.Factory factory = (_, wake) -> stores.open(shard, wake);
    return new SeenDriver(factory, SeenOnRedis::machineNow).count("parts");
  }

  @Test
  void aNamespaceIsCountedInFewBuckets() {
    for (int i = 0; i < 400; i++) {
      driver().seen(see(key("buckets", "k" + i % 40), Duration.ofSeconds(30 + i % 4)));
    }
    for (int part = 0; part < RedisKeys.PARTS; part++) {
      String counts = "sluice:seen-counts:" + RedisKeys.tag(part, "buckets");
      int buckets = Integer.parseInt(server.command("HLEN " + counts).substring(1));
      assertTrue(buckets <= 40, buckets + " buckets");
    }
    assertEquals(40, driver().count("buckets"));
  }

  @Test
  void aServerWithoutMemoryIsFullForNewKeysOnly() {
    SeenKey old = key("full", "old");
    SeenKey older = key("full", "older");
    driver().seen(see(old, HOUR));
    driver().seen(see(older, HOUR));
    server.command("CONFIG SET maxmemory 1");
    try {
      SeenOutcome.Failed refused =
          assertInstanceOf(SeenOutcome.Failed.class, driver().ask(see(key("full", "new"), HOUR)));
      assertInstanceOf(StoreFailure.Full.class, refused.why());
      assertEquals(2, driver().seen(see(old, HOUR)).times());
      assertEquals(3, driver().seen(extend(old, HOUR.multipliedBy(2))).times());
      assertEquals(new SeenOutcome.Forgotten(), driver().forget(older));
      assertEquals(1, driver().count("full"));
    } finally {
      server.command("CONFIG SET maxmemory 0");
    }
    assertEquals(1, driver().seen(see(key("full", "new"), HOUR)).times());
  }

  @Test
  void anErrorOfTheServerIsSaid() {
    RedisKeys.Place place = new RedisKeys(KeyForm.HASHED).placeOf("foreign", "k");
    server.command("SET sluice:seen:" + place.tag() + place.name() + " nonsense");

    SeenOutcome.Failed failed =
        assertInstanceOf(SeenOutcome.Failed.class, driver().ask(see(key("foreign", "k"), HOUR)));
    StoreFailure.Unavailable why = assertInstanceOf(StoreFailure.Unavailable.class, failed.why());
    assertTrue(why.reason().startsWith("Redis answers ERR"), why.reason());
  }
}
