package dev.sluice.mesh.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import dev.sluice.mesh.store.RequestLog.Accepted;
import dev.sluice.store.sqlite.SqliteFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NoLeaks
@Timeout(60)
class SqliteLogTest extends RequestLogContract {
  @TempDir Path directory;

  private final VirtualClock clock = new VirtualClock();
  private SqliteFixture file;
  private LogDriver driver;

  @BeforeEach
  void open() {
    file = new SqliteFixture(path(), clock, SETTINGS);
    driver = new LogDriver(file.engine(), "r-0");
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Override
  protected LogDriver driver() {
    return driver;
  }

  @Override
  protected LogDriver reopened() {
    close();
    open();
    return driver;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }

  @Test
  void aLogIsOneRoutersOnly() {
    assertThrows(IllegalStateException.class, () -> file.engine().open("r-1", () -> {}));
    assertThrows(
        SqliteFileException.class, () -> new SqliteFixture(path(), clock, SETTINGS).close());
  }

  @Test
  void whileTheFileIsNotInItsPlaceNothingIsAcceptedAndOutcomesWait() throws IOException {
    driver.accept(request("r-1"));
    Path away = directory.resolve("away.db");
    Files.move(path(), away);
    assertTrue(driver.accept(request("r-2")) instanceof Accepted.Failed);
    driver.log().finish("r-1", replied("1"));
    driver.await(() -> !driver.log().isWaiting());
    assertTrue(!driver.log().status().isReady());

    Files.move(away, path());
    driver.await(() -> driver.log().status().isReady());
    while (driver.find("r-1").orElseThrow().outcome() == null) {
      clock.advance(Duration.ofSeconds(1));
    }
    assertEquals(Optional.empty(), driver.find("r-2"));
    assertEquals(new Accepted.Kept(), driver.accept(request("r-2")));
    assertEquals(List.of(request("r-2")), reopened().recovered());
  }

  private Path path() {
    return directory.resolve("mesh.db");
  }
}
