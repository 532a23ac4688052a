package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.testing.RedisCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real cluster of three. */
class RedisLeaseClusterTest extends LeaseStoreContract {
  private static RedisCluster cluster;

  private final LeaseDriver driver = new LeaseDriver(cluster.address());

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
  LeaseStore store() {
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

  @Override
  void awaitInstant(long nanos) {
    driver.awaitInstant(nanos);
  }

  @Test
  void aBatchGoesToAllNodesThatKeepItsKeys() {
    for (int round = 0; round < 2; round++) { // the first still asks the cluster as a whole
      List<LeaseOutcome> outcomes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        driver
            .store()
            .submit(
                new LeaseOperation.Acquire(
                    key("cluster", "key-" + i),
                    new LeaseId(round, i),
                    1,
                    2,
                    Duration.ofHours(1),
                    null),
                driver.now(),
                outcomes::add);
      }
      driver.awaitAnswers();
      assertEquals(300, outcomes.size());
      assertTrue(
          outcomes.stream().allMatch(LeaseOutcome.Granted.class::isInstance), outcomes.toString());
    }
  }
}
