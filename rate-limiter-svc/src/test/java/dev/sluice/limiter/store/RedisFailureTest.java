package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.limiter.store.Operation.Kind;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.redis.RedisSettings;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of operations while a real server dies, hangs and comes back. */
class RedisFailureTest {
  private static final RedisSettings SETTINGS = StoreDriver.SETTINGS;
  private static final Limit TEN = new Limit.TokenBucket(10, Duration.ofDays(100), 10);
  private static final Limit MANY = new Limit.TokenBucket(3000, Duration.ofDays(300), 3000);

  @Test
  void killedUnderLoadAServerThatWritesEverythingDownForgetsNothing() {
    try (var server = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        var one = new StoreDriver(server.address(), SETTINGS);
        var two = new StoreDriver(server.address(), SETTINGS);
        var three = new StoreDriver(server.address(), SETTINGS)) {
      List<StoreDriver> instances = List.of(one, two, three);
      long granted = 0;
      for (int round = 0; round < 30; round++) {
        var outcomes = new ArrayList<Outcome>();
        for (StoreDriver each : instances) {
          for (int i = 0; i < 50; i++) {
            each.submit("k", MANY, Kind.ACQUIRE, 1, outcomes);
          }
          each.store().flush();
        }
        if (round % 10 == 5) {
          server.restart(); // what has just been sent may have been carried out or not
        }
        instances.forEach(StoreDriver::awaitAnswers);
        for (Outcome outcome : outcomes) {
          switch (outcome) {
            case Outcome.Done done -> granted += done.permits();
            case Outcome.Unavailable _ -> {}
            case Outcome.Full full -> throw new AssertionError(full);
          }
        }
        for (StoreDriver each : instances) {
          each.advance(SETTINGS.probeEvery());
          each.awaitNode(true);
        }
      }
      var now = assertInstanceOf(Outcome.Done.class, one.ask("k", MANY, Kind.PEEK, 1));
      assertTrue(granted > 1000, "granted " + granted);
      assertTrue(granted <= 3000 - now.remaining(), granted + " and left " + now.remaining());
    }
  }

  @Test
  void aServerThatKeepsNothingBeginsAnew() {
    try (var server = RedisProcess.start();
        var driver = new StoreDriver(server.address(), SETTINGS)) {
      assertEquals(10, done(driver, 10).permits());
      server.restart();
      driver.awaitNode(false);
      driver.advance(SETTINGS.probeEvery());
      driver.awaitNode(true);

      assertEquals(10, done(driver, 10).permits());
      assertEquals(0, done(driver, 1).permits());
    }
  }

  @Test
  void aDeadServerIsNotAskedAndEverybodyIsAnsweredAtOnce() {
    try (var server = RedisProcess.start();
        var driver = new StoreDriver(server.address(), SETTINGS)) {
      done(driver, 1);
      server.kill();
      driver.awaitNode(false);
      long asked = driver.store().status().asked();

      var outcomes = new ArrayList<Outcome>();
      driver.submit("k", TEN, Kind.ACQUIRE, 1, outcomes);

      var unavailable = assertInstanceOf(Outcome.Unavailable.class, outcomes.getFirst());
      assertTrue(unavailable.retryAfter().compareTo(SETTINGS.probeEvery()) <= 0);
      assertFalse(driver.store().isWaiting());
      StoreStatus status = driver.store().status();
      assertEquals(asked, status.asked());
      assertEquals(1, status.unasked());
      assertFalse(status.isReady());
    }
  }

  @Test
  void aServerThatHangsIsGivenUpAfterTheTimeout() {
    try (var server = RedisProcess.start();
        var driver = new StoreDriver(server.address(), SETTINGS)) {
      done(driver, 1);
      server.signal("STOP");
      var outcomes = new ArrayList<Outcome>();
      driver.submit("k", TEN, Kind.ACQUIRE, 1, outcomes);
      driver.store().flush();
      assertEquals(List.of(), outcomes);

      driver.advance(SETTINGS.timeout().plusMillis(1));

      assertEquals(
          List.of(
              new Outcome.Unavailable(
                  "Redis has not answered within 2000ms", SETTINGS.probeEvery())),
          outcomes);
      server.signal("CONT");
      driver.advance(SETTINGS.probeEvery());
      driver.awaitNode(true);
      assertEquals(1, done(driver, 1).permits());
    }
  }

  @Test
  void aServerThatIsNotThereYetIsWaitedForOnceAndTriedAgain() {
    int port = RedisProcess.freePort();
    try (var driver = new StoreDriver("redis://127.0.0.1:" + port, SETTINGS)) {
      Outcome outcome = driver.ask("k", TEN, Kind.ACQUIRE, 1);
      assertEquals(
          "Redis cannot be reached", assertInstanceOf(Outcome.Unavailable.class, outcome).reason());
      try (var _ = RedisProcess.on(port)) {
        driver.advance(SETTINGS.probeEvery());
        driver.awaitNode(true);
        assertEquals(1, done(driver, 1).permits());
      }
    }
  }

  @Test
  void aReplicaIsNotTakenForOneThatCounts() {
    try (var server = RedisProcess.start();
        var driver = new StoreDriver(server.address(), SETTINGS)) {
      done(driver, 1);
      server.command("REPLICAOF 127.0.0.1 1");
      for (int i = 0; i < SETTINGS.failures(); i++) {
        assertInstanceOf(Outcome.Unavailable.class, driver.ask("k", TEN, Kind.ACQUIRE, 1));
      }
      driver.advance(SETTINGS.probeEvery());
      String before = driver.store().status().nodes().getFirst().reason();
      assertTrue(before.startsWith("Redis answers"), before);
      driver.awaitNode(false);

      server.command("REPLICAOF NO ONE");
      driver.awaitNode(true);
      assertEquals(1, done(driver, 1).permits());
    }
  }

  @Test
  void whatIsKnownToBeEmptyIsNotAskedForAgain() {
    var refusals = new RefusalSettings(Duration.ofSeconds(60), 1000);
    try (var server = RedisProcess.start();
        var driver = new StoreDriver(server.address(), SETTINGS, refusals);
        var other = new StoreDriver(server.address(), SETTINGS, refusals)) {
      done(driver, 8);
      done(driver, 3); // refused: 2 are there
      long asked = driver.store().status().asked();
      assertEquals(0, done(driver, 5).permits());
      assertEquals(asked, driver.store().status().asked());
      assertEquals(1, driver.store().status().spared());

      assertEquals(2, done(driver, 2).permits()); // never in the way of what can be had
      assertEquals(0, done(driver, 1).permits());
      other.ask("k", TEN, Kind.RELEASE, 1);
      assertEquals(0, done(driver, 1).permits()); // heard of through another instance later
      driver.ask("k", TEN, Kind.RELEASE, 1);
      assertEquals(2, done(driver, 2).permits()); // through this one at once

      assertEquals(0, done(driver, 1).permits());
      other.ask("k", TEN, Kind.RESET, 1);
      driver.advance(refusals.keep());
      assertEquals(1, done(driver, 1).permits());
    }
  }

  private static Outcome.Done done(StoreDriver driver, long permits) {
    return assertInstanceOf(Outcome.Done.class, driver.ask("k", TEN, Kind.ACQUIRE, permits));
  }
}
