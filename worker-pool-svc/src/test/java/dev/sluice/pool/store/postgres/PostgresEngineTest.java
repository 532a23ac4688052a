package dev.sluice.pool.store.postgres;

import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;
import dev.sluice.pool.store.JobDriver;
import dev.sluice.pool.store.JobStoreContract;
import dev.sluice.pool.store.TestJobs;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

@NoLeaks
@Timeout(60)
class PostgresEngineTest extends JobStoreContract {
  private final String address = PostgresServer.shared().createDatabase();
  private final PostgresEngine engine = start(address);
  private final TestTime time = TestTime.stop(address);
  private final JobDriver driver = new JobDriver(engine);
  private final JobDriver other = new JobDriver(engine);

  @AfterEach
  void close() {
    engine.close();
  }

  /** Counts are never old. */
  static PostgresEngine start(String address) {
    return PostgresEngine.start(
        PostgresSettings.parse(address),
        Clock.system(),
        TestJobs.DEFAULTS,
        SplittableRandom::new,
        Duration.ZERO);
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
  protected void pass(Duration passing) {
    time.pass(passing);
  }
}
