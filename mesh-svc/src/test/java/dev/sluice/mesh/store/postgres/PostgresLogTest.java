package dev.sluice.mesh.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.mesh.store.LogDriver;
import dev.sluice.mesh.store.LogSettings;
import dev.sluice.mesh.store.RequestLogContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class PostgresLogTest extends RequestLogContract {
  private final String address = PostgresServer.shared().createDatabase();
  private PostgresLogEngine engine = start(address, SETTINGS);
  private LogDriver driver = new LogDriver(engine, "r-0");

  static PostgresLogEngine start(String address, LogSettings settings) {
    return PostgresLogEngine.start(
        PostgresSettings.parse(address), Clock.system(), settings, SplittableRandom::new);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Override
  protected LogDriver driver() {
    return driver;
  }

  @Override
  protected LogDriver reopened() {
    close();
    engine = start(address, SETTINGS);
    driver = new LogDriver(engine, "r-0");
    return driver;
  }

  @Override
  protected void pass(Duration time) {
    PostgresServer.execute(address, "UPDATE sluice_mesh.outcome SET at = at - " + time.toMillis());
  }

  @Test
  void aNewerSchemaIsLeftAlone() {
    PostgresServer.execute(address, "UPDATE sluice_mesh.version SET number = 99");
    var refused = assertThrows(PostgresException.class, () -> start(address, SETTINGS));
    assertEquals(
        PostgresSettings.parse(address)
            + " cannot be used: its schema is version 99, this program knows versions up to 1",
        refused.getMessage());
  }

  @Test
  void whatTheServerCannotKeepFailsAlone() {
    driver.accept(request("r-1"));
    var good = new ArrayList<Object>();
    var bad = new ArrayList<Object>();
    driver.log().accept(request("nul \u0000"), bad::add);
    driver.log().accept(request("r-2"), good::add);
    driver.await(() -> !driver.log().isWaiting());
    assertEquals("Kept", good.getFirst().getClass().getSimpleName());
    assertEquals("Failed", bad.getFirst().getClass().getSimpleName());
    assertTrue(driver.log().status().isReady());
  }
}
