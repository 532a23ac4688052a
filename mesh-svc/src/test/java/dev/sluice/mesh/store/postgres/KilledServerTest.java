package dev.sluice.mesh.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.model.Outcome;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.store.LogDriver;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.mesh.store.RequestLog.Entry;
import dev.sluice.store.StoreFailure;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kills the server with SIGKILL while requests are accepted, and starts it again. */
@NoLeaks
@Timeout(300)
class KilledServerTest {
  private static final int ROUNDS = Boolean.getBoolean("deep") ? 30 : 3;

  private final Set<String> kept = new HashSet<>();
  private final Set<String> finished = new HashSet<>();
  private final Set<String> unknown = new HashSet<>();
  private long number;

  @Test
  void whatIsKeptStaysAndOutcomesAreKeptInTheEnd() {
    try (PostgresServer server = PostgresServer.start()) {
      String address = server.createDatabase();
      try (PostgresLogEngine engine = PostgresLogTest.start(address, LogSettings.DEFAULTS)) {
        var driver = new LogDriver(engine, "r-0");
        for (int round = 1; round <= ROUNDS; round++) {
          int enough = kept.size() + 300;
          load(driver, () -> kept.size() >= enough);
          server.kill();
          int failures = unknown.size() + 50;
          load(driver, () -> unknown.size() >= failures);
          assertFalse(driver.log().status().isReady());
          server.restart();
          driver.await(() -> driver.log().status().isReady());
        }
        awaitOutcomes(driver);
        check(driver);
      }
      assertTrue(finished.size() > 100, () -> "few: " + finished.size());
      recover(address);
    }
  }

  @Test
  void noOutcomeIsGivenUpWhileTheServerTakesNoWrites() {
    try (PostgresServer server = PostgresServer.start()) {
      String address = server.createDatabase();
      try (PostgresLogEngine engine = PostgresLogTest.start(address, LogSettings.DEFAULTS)) {
        var driver = new LogDriver(engine, "r-0");
        driver.accept(request("r-1"));
        readOnly(address, "on");
        load(driver, () -> !unknown.isEmpty());
        driver.log().finish("r-1", outcome("r-1"));
        int refused = unknown.size() + 10;
        load(driver, () -> unknown.size() >= refused);
        readOnly(address, "off");
        driver.await(() -> driver.log().status().isReady());
        while (driver.find("r-1").orElseThrow().outcome() == null) {
          assertFalse(Thread.interrupted(), "it was given up");
        }
      }
    }
  }

  private static void readOnly(String address, String is) {
    PostgresServer.execute(address, "ALTER SYSTEM SET default_transaction_read_only = " + is);
    PostgresServer.execute(address, "SELECT pg_reload_conf()");
  }

  private void load(LogDriver driver, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      for (int i = 0; i < 20; i++) {
        accept(driver);
      }
      int before = kept.size() + unknown.size();
      driver.await(() -> kept.size() + unknown.size() > before);
    }
  }

  private void accept(LogDriver driver) {
    String id = "s-" + number++;
    boolean finish = number % 2 == 0;
    driver
        .log()
        .accept(
            request(id),
            told -> {
              if (told instanceof Accepted.Kept) {
                kept.add(id);
                if (finish) {
                  finished.add(id);
                  driver.log().finish(id, outcome(id));
                }
              } else {
                var failed = assertInstanceOf(Accepted.Failed.class, told);
                assertInstanceOf(StoreFailure.Unavailable.class, failed.why());
                unknown.add(id);
              }
            });
  }

  /** An outcome that was tried again comes behind what was asked before. */
  private void awaitOutcomes(LogDriver driver) {
    for (String id : finished) {
      while (driver.find(id).orElseThrow().outcome() == null) {
        Thread.onSpinWait();
      }
    }
  }

  private void check(LogDriver driver) {
    for (String id : kept) {
      Entry entry = driver.find(id).orElseThrow();
      assertEquals(request(id), entry.request());
      assertEquals(finished.contains(id) ? outcome(id) : null, entry.outcome());
    }
    // Those of which nobody knew and that are there after all: the router was told. Also of one
    // whose outcome was written just after the engine had looked: the router gives it again.
    Set<String> told = driver.adopted().stream().map(Request::id).collect(Collectors.toSet());
    told.removeAll(finished);
    assertTrue(unknown.containsAll(told), "it was told what it knew");
  }

  private void recover(String address) {
    try (PostgresLogEngine engine = PostgresLogTest.start(address, LogSettings.DEFAULTS)) {
      Set<String> open =
          new LogDriver(engine, "r-0")
              .recovered().stream().map(Request::id).collect(Collectors.toSet());
      kept.stream().filter(id -> !finished.contains(id)).forEach(id -> assertTrue(open.remove(id)));
      assertTrue(unknown.containsAll(open), "it is not one of which nobody knows");
    }
  }

  private static Request request(String id) {
    return new Request(id, "k", "echo", "{}", true);
  }

  private static Outcome outcome(String id) {
    return new Outcome.Replied(1, "w", 1, '"' + id + '"');
  }
}
