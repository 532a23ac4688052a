package dev.sluice.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.store.testing.Patience;
import dev.sluice.store.testing.RedisProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real server. */
class RedisLeaseStoreTest extends LeaseStoreContract {
  private static final Duration LONG = Duration.ofHours(1);
  private static RedisProcess server;

  private final LeaseDriver driver = new LeaseDriver(server.address());

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
  void whatNobodyHasAnyMoreLeavesNothingBehind() {
    server.command("FLUSHALL");
    LeaseKey released = key("p", "released");
    LeaseKey lost = key(null, "lost");
    var id = new LeaseId(1, 2);
    granted(released, id, LONG);
    granted(lost, id, Duration.ofMillis(20));
    assertEquals(":4", server.command("DBSIZE"));

    ask(new LeaseOperation.Release(released, id));

    driver.awaitInstant(driver.now() + Duration.ofMillis(30).toNanos());
    Patience.until("an empty server", () -> server.command("DBSIZE").equals(":0"));
  }

  @Test
  void bothKeysLiveAsLongAsTheLastLease() {
    LeaseKey key = key(null, "ttl");
    granted(key, new LeaseId(1, 1), LONG);
    granted(key, new LeaseId(1, 2), LONG.dividedBy(2));
    ask(new LeaseOperation.Renew(key, new LeaseId(1, 1), LONG.multipliedBy(2)));

    for (String name : new String[] {"sluice:leases:{-:ttl}", "sluice:lease:{-:ttl}"}) {
      long millis = Long.parseLong(server.command("PTTL " + name).substring(1));
      assertTrue(
          millis > LONG.toMillis() && millis <= LONG.multipliedBy(2).toMillis() + 2,
          name + " " + millis);
    }
  }

  @Test
  void goesOnWhenTheServerHasLostTheScript() {
    LeaseKey key = key(null, "scripts");
    granted(key, new LeaseId(1, 1), LONG);
    server.command("SCRIPT FLUSH");

    assertEquals(
        new LeaseOutcome.Released(1), ask(new LeaseOperation.Release(key, new LeaseId(1, 1))));
  }

  @Test
  void twoStoresShareTheLeases() {
    LeaseKey key = key(null, "shared");
    var id = new LeaseId(3, 4);
    granted(key, id, LONG);
    try (var other = new LeaseDriver(server.address())) {
      var outcomes = new java.util.ArrayList<LeaseOutcome>();
      other.store().submit(new LeaseOperation.Release(key, id), other.now(), outcomes::add);
      other.awaitAnswers();
      assertEquals(java.util.List.of(new LeaseOutcome.Released(1)), outcomes);
    }
    assertEquals(new LeaseOutcome.Unknown(), ask(new LeaseOperation.Release(key, id)));
  }

  private void granted(LeaseKey key, LeaseId id, Duration ttl) {
    assertInstanceOf(
        LeaseOutcome.Granted.class, ask(new LeaseOperation.Acquire(key, id, 1, 2, ttl, null)));
  }
}
