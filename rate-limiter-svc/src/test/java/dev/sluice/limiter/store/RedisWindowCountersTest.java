package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.limiter.store.WindowCounters.Answer;
import dev.sluice.limiter.store.WindowCounters.Count;
import dev.sluice.limiter.store.WindowCounters.Counted;
import dev.sluice.limiter.store.WindowCounters.Hits;
import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisCluster;
import dev.sluice.store.testing.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server. */
class RedisWindowCountersTest extends WindowCountersContract {
  private static RedisProcess server;

  private final CountersDriver driver = new CountersDriver(server.address());

  @BeforeAll
  static void start() {
    server = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clear() {
    server.command("FLUSHALL");
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Override
  WindowCounters counters() {
    return driver.counters();
  }

  @Override
  void awaitAnswers() {
    driver.awaitAnswers();
  }

  @Test
  void instancesCountTogether() {
    try (var other = new CountersDriver(server.address())) {
      count("a", FIRST, 2);
      var answers = new ArrayList<Answer>();
      other.counters().submit(List.of(new Hits("a", FIRST, 1)), now(), answers::add);
      other.awaitAnswers();

      assertEquals(List.of(new Counted(List.of(new Count(2, 3)))), answers);
    }
  }

  @Test
  void aCounterIsKeptAsLongAsItsWindowIsAfterTheLastHit() {
    count("a", FIRST, 2);
    server.command("EXPIRE sluice:envoy:{a}:0 10");
    count("a", FIRST, 0);
    assertTrue(secondsLeft() <= 10, "who only looks does not keep it");
    count("a", FIRST, 1);
    assertTrue(secondsLeft() > 50 && secondsLeft() <= 60, () -> secondsLeft() + " s");

    count("short", new Window(0, 1), 1);
    server.command("DEL sluice:envoy:{a}:0");
    Patience.until("nothing is kept", () -> server.command("DBSIZE").equals(":0"));
  }

  @Test
  void whoLooksOrGivesBackLeavesNothing() {
    count("a", FIRST, 0);
    count("a", FIRST, -3);
    assertEquals(":0", server.command("DBSIZE"));
  }

  @Test
  void aServerWithoutMemoryIsFull() {
    server.command("CONFIG SET maxmemory 1");
    try {
      assertEquals(
          new Outcome.Full("Redis has reached its maxmemory"),
          answer(List.of(new Hits("a", FIRST, 1))));
    } finally {
      server.command("CONFIG SET maxmemory 0");
    }
  }

  @Test
  void whenOneCounterFailsSoDoesTheRequest() {
    server.command("SET sluice:envoy:{foreign}:0 nonsense");
    var failed =
        assertInstanceOf(
            Outcome.Unavailable.class,
            answer(List.of(new Hits("a", FIRST, 1), new Hits("foreign", FIRST, 1))));
    assertTrue(failed.reason().startsWith("Redis answers ERR"), failed.reason());
    assertEquals(new Count(1, 2), count("a", FIRST, 1), "the other one was counted");
  }

  @Test
  void goesOnWhenTheServerHasLostTheScript() {
    count("a", FIRST, 1);
    server.command("SCRIPT FLUSH");
    assertEquals(new Count(1, 2), count("a", FIRST, 1));
  }

  @Test
  void aServerThatHasDiedIsSaidAtOnceAndOneThatHasComeBackCounts() {
    try (var mortal = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        var mortals = new CountersDriver(mortal.address())) {
      var answers = new ArrayList<Answer>();
      mortals.counters().submit(List.of(new Hits("a", FIRST, 3)), now(), answers::add);
      mortals.awaitAnswers();
      mortal.kill();
      mortals.awaitReady(false);

      mortals.counters().submit(List.of(new Hits("a", FIRST, 3)), now(), answers::add);
      assertEquals(2, answers.size(), "without being asked");

      mortal.restart();
      mortals.awaitReady(true);
      mortals.counters().submit(List.of(new Hits("a", FIRST, 1)), now(), answers::add);
      mortals.awaitAnswers();
      assertEquals(new Counted(List.of(new Count(0, 3))), answers.get(0));
      assertInstanceOf(Outcome.Unavailable.class, answers.get(1));
      assertEquals(new Counted(List.of(new Count(3, 4))), answers.get(2));
    }
  }

  @Test
  void theCountersOfARequestMayBeOnSeveralNodesOfACluster() {
    try (var cluster = RedisCluster.start();
        var clusters = new CountersDriver(cluster.address())) {
      for (int round = 0; round < 3; round++) { // the first still asks the cluster as a whole
        var hits = new ArrayList<Hits>();
        var expected = new ArrayList<Count>();
        for (int i = 0; i < 50; i++) {
          hits.add(new Hits("counter-" + i, FIRST, i));
          expected.add(new Count((long) round * i, (round + 1L) * i));
        }
        var answers = new ArrayList<Answer>();
        clusters.counters().submit(hits, now(), answers::add);
        clusters.awaitAnswers();
        assertEquals(List.of(new Counted(expected)), answers);
      }
      assertEquals(3, clusters.counters().status().nodes().size());
    }
  }

  private static long secondsLeft() {
    return Long.parseLong(server.command("TTL sluice:envoy:{a}:0").substring(1));
  }
}
