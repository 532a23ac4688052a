package dev.sluice.dedup.store;

import static dev.sluice.dedup.store.SeenDriver.key;
import static dev.sluice.dedup.store.SeenDriver.see;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.testing.RedisCluster;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real cluster of three. */
@Timeout(180)
class RedisSeenClusterTest extends SeenStoreContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private static RedisCluster cluster;

  private final SeenOnRedis redis = new SeenOnRedis(cluster.address(), KeyForm.VERBATIM);

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
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
  void aNamespaceSpreadsOverTheNodesAndIsStillCounted() {
    cluster.nodes().forEach(node -> node.command("FLUSHALL"));
    List<SeenOperation.See> all =
        IntStream.range(0, 300).mapToObj(i -> see(key("spread", "k" + i), HOUR)).toList();

    assertTrue(
        driver().askAll(all).stream().allMatch(each -> seen(each).times() == 1), "each is first");

    assertEquals(300, driver().count("spread"));
    for (RedisProcess node : cluster.nodes()) {
      int keys = Integer.parseInt(node.command("DBSIZE").substring(1));
      assertTrue(keys > 15, keys + " keys on a node");
    }
  }

  @Test
  void whateverTheNamespaceIsItsKeysAreInOneSlotWithTheirCounts() {
    for (String namespace : List.of("}", "{", "{}", "}{", "a}b", "{x}", "ü}")) {
      for (int i = 0; i < 40; i++) {
        assertEquals(1, driver().seen(see(key(namespace, "}" + i), HOUR)).times(), namespace);
      }
      assertEquals(40, driver().count(namespace), namespace);
    }
  }
}
