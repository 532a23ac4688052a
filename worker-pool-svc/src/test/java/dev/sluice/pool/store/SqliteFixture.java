package dev.sluice.pool.store;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.pool.store.sqlite.SqliteEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** An engine on a file or in memory, that can be started again. */
public final class SqliteFixture implements AutoCloseable {
  private final Scope watchers = Scope.open("watchers");
  private final HeartbeatMonitor monitor =
      HeartbeatMonitor.start(watchers, "heartbeats", Duration.ofSeconds(1));
  private final SqliteEngine engine;

  /**
   * @param file null: in memory
   */
  public SqliteFixture(@Nullable Path file, Clock clock, QueueDefaults defaults) {
    var random = new SplittableRandom(7);
    try {
      engine =
          file == null
              ? SqliteEngine.inMemory(clock, monitor, defaults, random)
              : SqliteEngine.start(file, clock, monitor, defaults, random);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    } catch (RuntimeException failure) {
      watchers.close();
      throw failure;
    }
  }

  public SqliteEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
    watchers.close();
  }
}
