package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.testing.RedisCluster;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real cluster of three. */
class RedisClusterTest extends LimitStoreContract {
  private static final Limit TEN = new Limit.TokenBucket(10, Duration.ofDays(100), 10);
  private static RedisCluster cluster;

  private final StoreDriver driver = new StoreDriver(cluster.address(), StoreDriver.SETTINGS);

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
    driver.close();
  }

  @Override
  LimitStore store() {
    return driver.store();
  }

  @Override
  long now() {
    return driver.now();
  }

  @Override
  void awaitAnswers() {
    driver.awaitAnswers();
  }

  @Test
  void aBatchGoesToAllNodesThatKeepItsKeys() {
    for (int round = 0; round < 2; round++) { // the first still asks the cluster as a whole
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        driver.submit("key-" + i, TEN, Kind.ACQUIRE, 5, outcomes);
      }
      driver.awaitAnswers();
      assertEquals(300, outcomes.size());
      assertTrue(
          outcomes.stream().allMatch(each -> each instanceof Outcome.Done d && d.permits() == 5));
    }
    assertEquals(3, driver.store().status().nodes().size());
  }

  @Test
  void aDeadNodeTakesOnlyItsOwnKeysWithIt() {
    for (int i = 0; i < 100; i++) {
      driver.ask("warm-" + i, TEN, Kind.ACQUIRE, 1);
    }
    cluster.nodes().get(1).kill();
    driver.awaitNode(false);

    long unavailable = 0;
    for (int i = 0; i < 100; i++) {
      Outcome outcome = driver.ask("warm-" + i, TEN, Kind.ACQUIRE, 1);
      unavailable += outcome instanceof Outcome.Unavailable ? 1 : 0;
    }
    assertTrue(unavailable > 10 && unavailable < 60, unavailable + " of 100");
    assertTrue(driver.store().status().isReady());

    cluster.nodes().get(1).restart();
    driver.awaitAllNodes();
    assertInstanceOf(Outcome.Done.class, driver.ask("warm-0", TEN, Kind.ACQUIRE, 1));
  }

  @Test
  void followsAKeyToTheNodeItHasMovedTo() {
    assertEquals(1, done("moving").permits()); // knows the cluster from here on
    int slot = io.lettuce.core.cluster.SlotHash.getSlot("4:test:moved");
    assertEquals(9, done("moved").remaining());
    RedisProcess from = cluster.nodes().get(slot * 3 / 16_384);
    RedisProcess to = cluster.nodes().get((slot * 3 / 16_384 + 1) % 3);
    String fromId = from.answer("CLUSTER MYID").lines().skip(1).findFirst().orElseThrow();
    String toId = to.answer("CLUSTER MYID").lines().skip(1).findFirst().orElseThrow();
    to.command("CLUSTER SETSLOT " + slot + " IMPORTING " + fromId);
    from.command("CLUSTER SETSLOT " + slot + " MIGRATING " + toId);
    String key = "sluice:limit:b10/8640000000000000/10:{4:test:moved}";
    assertEquals("+OK", from.command("MIGRATE 127.0.0.1 " + to.port() + " " + key + " 0 5000"));

    assertEquals(8, done("moved").remaining()); // asks where it is

    for (RedisProcess node : cluster.nodes()) {
      node.command("CLUSTER SETSLOT " + slot + " NODE " + toId);
    }
    assertEquals(7, done("moved").remaining()); // it has moved
  }

  private Outcome.Done done(String key) {
    return assertInstanceOf(Outcome.Done.class, driver.ask(key, TEN, Kind.ACQUIRE, 1));
  }
}
