package dev.sluice.mesh.store;

import dev.sluice.csp.Clock;
import dev.sluice.csp.HeartbeatMonitor;
import dev.sluice.csp.Scope;
import dev.sluice.mesh.store.sqlite.SqliteLogEngine;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An engine on a file or in memory, with what watches it. */
public final class SqliteFixture implements AutoCloseable {
  private final Scope watchers = Scope.open("watchers");
  private final HeartbeatMonitor monitor =
      HeartbeatMonitor.start(watchers, "heartbeats", Duration.ofSeconds(1));
  private final SqliteLogEngine engine;

  /**
   * @param file null: in memory
   */
  public SqliteFixture(@Nullable Path file, Clock clock, LogSettings settings) {
    try {
      engine =
          file == null
              ? SqliteLogEngine.inMemory(clock, monitor, settings)
              : SqliteLogEngine.start(file, clock, monitor, settings);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    } catch (RuntimeException failure) {
      watchers.close();
      throw failure;
    }
  }

  public SqliteLogEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
    watchers.close();
  }
}
