package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real master, a real replica, and three real Sentinels, two of whom make the one the other. */
class RedisSentinelTest {
  private static final Limit TEN = new Limit.TokenBucket(10, Duration.ofDays(100), 10);

  private final RedisProcess master = RedisProcess.start();
  private final RedisProcess replica =
      RedisProcess.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
  private final List<RedisProcess> sentinels =
      List.of(
          RedisProcess.start("--sentinel"),
          RedisProcess.start("--sentinel"),
          RedisProcess.start("--sentinel"));

  @BeforeEach
  void watch() {
    Patience.until(
        "the replica follows",
        () -> replica.answer("INFO replication").contains("master_link_status:up"));
    for (RedisProcess sentinel : sentinels) {
      sentinel.command("SENTINEL MONITOR main 127.0.0.1 " + master.port() + " 2");
      sentinel.command("SENTINEL SET main down-after-milliseconds 500");
      sentinel.command("SENTINEL SET main failover-timeout 2000");
    }
    for (RedisProcess sentinel : sentinels) {
      Patience.until(
          "the Sentinels know the replica and each other",
          () -> {
            String known = sentinel.answer("INFO sentinel");
            return known.contains("status=ok,") && known.contains("slaves=1,sentinels=3");
          });
    }
  }

  @AfterEach
  void stop() {
    sentinels.forEach(RedisProcess::close);
    replica.close();
    master.close();
  }

  @Test
  void goesOnWithTheReplicaWhenTheMasterHasDiedAndASentinelWithIt() {
    try (var driver = new StoreDriver(address(), StoreDriver.SETTINGS)) {
      assertEquals(7, left(driver, 3));
      Patience.until("the replica has it, too", () -> replica.command("DBSIZE").equals(":1"));

      master.kill();
      sentinels.getFirst().kill();
      driver.awaitNode(false);
      var outcomes = new ArrayList<Outcome>();
      driver.until(
          "the replica counts",
          () -> {
            driver.submit("failover", TEN, Kind.PEEK, 1, outcomes);
            return driver.store().status().isReady();
          });

      driver.awaitAnswers();
      for (Outcome each : outcomes) {
        assertTrue(
            each instanceof Outcome.Unavailable || remaining(each) == 7, () -> "said " + each);
      }
      assertEquals(6, left(driver, 1));
      assertTrue(replica.answer("INFO replication").contains("role:master"));
    }
  }

  private String address() {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.port())
        .collect(Collectors.joining(",", "redis-sentinel://", "#main"));
  }

  private static long left(StoreDriver driver, long permits) {
    return remaining(driver.ask("failover", TEN, Kind.ACQUIRE, permits));
  }

  private static long remaining(Outcome outcome) {
    return assertInstanceOf(Outcome.Done.class, outcome).remaining();
  }
}
