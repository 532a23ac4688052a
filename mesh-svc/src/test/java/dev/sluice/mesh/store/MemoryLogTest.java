package dev.sluice.mesh.store;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class MemoryLogTest extends RequestLogContract {
  private final VirtualClock clock = new VirtualClock();
  private final SqliteFixture memory = new SqliteFixture(null, clock, SETTINGS);
  private final LogDriver driver = new LogDriver(memory.engine(), "r-0");

  @AfterEach
  void close() {
    memory.close();
  }

  @Override
  protected LogDriver driver() {
    return driver;
  }

  @Override
  protected LogDriver reopened() {
    assumeSurvives(false);
    return driver;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }
}
