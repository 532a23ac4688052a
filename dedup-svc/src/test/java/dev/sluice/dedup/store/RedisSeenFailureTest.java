package dev.sluice.dedup.store;

import static dev.sluice.dedup.store.SeenDriver.key;
import static dev.sluice.dedup.store.SeenDriver.see;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of operations while a real server dies and comes back. */
@Timeout(180)
class RedisSeenFailureTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aDeadServerIsNotAskedAndOneThatIsBackKnowsTheKeys() {
    try (var server = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        var redis = new SeenOnRedis(server.address(), KeyForm.HASHED)) {
      SeenKey key = key("ns", "k");
      SeenOutcome.Seen first = redis.driver().seen(see(key, HOUR));
      server.kill();
      redis.awaitNode(false);
      StoreStatus before = redis.driver().store().status();
      assertFalse(before.isReady());

      List<SeenOutcome> outcomes = new ArrayList<>();
      redis.driver().submit(see(key, HOUR), outcomes::add);

      var failed = assertInstanceOf(SeenOutcome.Failed.class, outcomes.getFirst());
      assertInstanceOf(StoreFailure.Unavailable.class, failed.why());
      assertFalse(redis.driver().store().isWaiting());
      StoreStatus after = redis.driver().store().status();
      assertEquals(before.asked(), after.asked());
      assertEquals(before.unasked() + 1, after.unasked());

      server.restart();
      redis.awaitNode(true);
      assertEquals(
          new SeenOutcome.Seen(2, first.firstSeenAt(), first.expiresAt()),
          redis.driver().seen(see(key, HOUR)));
      assertEquals(1, redis.driver().count("ns"));
    }
  }

  @Test
  void whateverIsKilledNoKeyIsFirstTwice() {
    try (var server = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        var redis = new SeenOnRedis(server.address(), KeyForm.HASHED)) {
      Map<String, Integer> firsts = new HashMap<>();
      int[] answered = {0};
      for (int round = 0; round < 30; round++) {
        for (int i = 0; i < 200; i++) {
          String name = "k" + (round * 100 + i); // every key in two rounds
          redis
              .driver()
              .submit(
                  see(key("ns", name), HOUR),
                  outcome -> {
                    if (outcome instanceof SeenOutcome.Seen(long times, _, _)) {
                      answered[0]++;
                      firsts.merge(name, times == 1 ? 1 : 0, Integer::sum);
                    }
                  });
        }
        redis.driver().store().flush();
        if (round % 10 == 5) {
          server.restart(); // what has just been sent may have been carried out or not
        }
        redis.driver().awaitAnswers();
        redis.awaitNode(true);
      }
      assertTrue(answered[0] >= 27 * 200, answered[0] + " answered");
      assertTrue(firsts.values().stream().allMatch(count -> count <= 1), firsts::toString);
      assertTrue(firsts.values().stream().mapToInt(count -> count).sum() > 2_000);
    }
  }
}
