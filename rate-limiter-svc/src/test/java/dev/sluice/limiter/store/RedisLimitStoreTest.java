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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real server. */
class RedisLimitStoreTest extends LimitStoreContract {
  private static final Limit TEN = new Limit.TokenBucket(10, Duration.ofDays(100), 10);
  private static RedisProcess server;

  private final StoreDriver driver = new StoreDriver(server.address(), StoreDriver.SETTINGS);

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
  void goesOnWhenTheServerHasLostTheScripts() {
    driver.ask("scripts", TEN, Kind.ACQUIRE, 1);
    server.command("SCRIPT FLUSH");

    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      driver.submit("scripts", TEN, Kind.ACQUIRE, 1, outcomes);
    }
    driver.awaitAnswers();

    assertEquals(
        List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 0L, 0L, 0L),
        outcomes.stream()
            .map(each -> assertInstanceOf(Outcome.Done.class, each).permits())
            .toList());
  }

  @Test
  void aKeyIsGoneOnceAllItsPermitsAreThere() {
    server.command("FLUSHALL");
    driver.ask("short", new Limit.TokenBucket(1, Duration.ofMillis(20), 1), Kind.ACQUIRE, 1);
    driver.ask("short", new Limit.SlidingWindow(1, Duration.ofMillis(20)), Kind.ACQUIRE, 1);
    driver.ask("short", new Limit.FixedWindow(1, CalendarUnit.SECOND), Kind.ACQUIRE, 1);
    driver.ask("released", TEN, Kind.ACQUIRE, 1);
    driver.ask("released", TEN, Kind.RELEASE, 1);
    driver.ask("reset", TEN, Kind.ACQUIRE, 1);
    driver.ask("reset", TEN, Kind.RESET, 1);

    Patience.until("nothing is kept", () -> server.command("DBSIZE").equals(":0"));
  }

  @Test
  void anErrorOfTheServerIsSaidAndManyOfThemMeanItIsDown() {
    // The only key in this test whose bucket somebody else has put something into.
    server.command("SET sluice:limit:b10/8640000000000000/10:{4:test:foreign} nonsense");
    for (int i = 0; i < StoreDriver.SETTINGS.failures(); i++) {
      Outcome outcome = driver.ask("foreign", TEN, Kind.ACQUIRE, 1);
      String reason = assertInstanceOf(Outcome.Unavailable.class, outcome).reason();
      assertTrue(reason.startsWith("Redis answers ERR"), reason);
    }
    assertEquals(false, driver.store().status().isReady());

    driver.advance(StoreDriver.SETTINGS.probeEvery());
    driver.awaitNode(true);
    assertInstanceOf(Outcome.Done.class, driver.ask("other", TEN, Kind.ACQUIRE, 1));
  }

  @Test
  void aServerWithoutMemoryIsFull() {
    server.command("CONFIG SET maxmemory 1");
    try {
      assertEquals(
          new Outcome.Full("Redis has reached its maxmemory"),
          driver.ask("full", TEN, Kind.ACQUIRE, 1));
    } finally {
      server.command("CONFIG SET maxmemory 0");
    }
  }
}
