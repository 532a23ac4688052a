package dev.sluice.pool.store;

import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.csp.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class MemoryEngineTest extends JobStoreContract {
  private final VirtualClock clock = new VirtualClock();
  private final SqliteFixture memory = new SqliteFixture(null, clock, TestJobs.DEFAULTS);
  private final JobDriver driver = new JobDriver(memory.engine());
  private final JobDriver other = new JobDriver(memory.engine());

  @AfterEach
  void close() {
    memory.close();
  }

  @Override
  protected JobDriver driver() {
    return driver;
  }

  @Override
  protected JobDriver otherDriver() {
    return other;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }
}
